-- oldest program: 9
CREATE TABLE "alert_silences" (
	"rule" text NOT NULL,
	"subject" text NOT NULL,
	"until" timestamp (3) with time zone NOT NULL,
	"by" uuid NOT NULL,
	CONSTRAINT "alert_silences_rule_subject_pk" PRIMARY KEY("rule","subject")
);
--> statement-breakpoint
CREATE TABLE "alerts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"rule" text NOT NULL,
	"subject" text NOT NULL,
	"severity" text NOT NULL,
	"message" text NOT NULL,
	"value" double precision NOT NULL,
	"noticed_at" timestamp (3) with time zone NOT NULL,
	"raised_at" timestamp (3) with time zone,
	"calm_since" timestamp (3) with time zone,
	"cleared_at" timestamp (3) with time zone,
	"acknowledged_at" timestamp (3) with time zone,
	"acknowledged_by" uuid
);
--> statement-breakpoint
CREATE TABLE "audit_entries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"owner_id" uuid NOT NULL,
	"action" text NOT NULL,
	"input" jsonb,
	"refused" text,
	"request_id" text
);
--> statement-breakpoint
CREATE TABLE "metric_minutes" (
	"at" timestamp (3) with time zone PRIMARY KEY NOT NULL,
	"succeeded" integer NOT NULL,
	"failed" integer NOT NULL,
	"canceled" integer NOT NULL,
	"waits" integer[] NOT NULL,
	"runs" integer[] NOT NULL,
	"waiting" integer,
	"running" integer,
	"webs" integer,
	"workers" integer,
	"backends_up" integer,
	"sockets" integer,
	"streams" integer,
	"buffered" integer,
	"redis_bytes" bigint,
	"opened" integer,
	"resumed" integer,
	"broken" integer,
	"gaps" integer,
	"overflows" integer,
	"totals" jsonb
);
--> statement-breakpoint
ALTER TABLE "maintenance" ADD COLUMN "alerts_checked_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE UNIQUE INDEX "alerts_open" ON "alerts" USING btree ("rule","subject") WHERE cleared_at is null;--> statement-breakpoint
CREATE INDEX "alerts_raised" ON "alerts" USING btree ("raised_at","id") WHERE raised_at is not null;--> statement-breakpoint
CREATE INDEX "audit_entries_at" ON "audit_entries" USING btree ("at","id");