-- oldest program: 9
CREATE TABLE "reports" (
	"output_id" uuid NOT NULL,
	"reporter" text NOT NULL,
	"reason" text NOT NULL,
	"details" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "reports_output_id_reporter_pk" PRIMARY KEY("output_id","reporter")
);
--> statement-breakpoint
CREATE TABLE "shares" (
	"output_id" uuid PRIMARY KEY NOT NULL,
	"facts" text[] DEFAULT '{}' NOT NULL,
	"published_at" timestamp (3) with time zone,
	"hidden_at" timestamp (3) with time zone,
	"hidden_reason" text,
	"reports" integer DEFAULT 0 NOT NULL,
	"reported_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "reports" ADD CONSTRAINT "reports_output_id_shares_output_id_fk" FOREIGN KEY ("output_id") REFERENCES "public"."shares"("output_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "shares" ADD CONSTRAINT "shares_output_id_outputs_id_fk" FOREIGN KEY ("output_id") REFERENCES "public"."outputs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "reports_reporter" ON "reports" USING btree ("reporter","created_at");--> statement-breakpoint
CREATE INDEX "shares_published" ON "shares" USING btree ("published_at","output_id") WHERE published_at IS NOT NULL AND hidden_at IS NULL;--> statement-breakpoint
CREATE INDEX "shares_reported" ON "shares" USING btree ("reported_at","output_id") WHERE reports > 0;--> statement-breakpoint
CREATE INDEX "shares_hidden" ON "shares" USING btree ("hidden_at","output_id") WHERE hidden_at IS NOT NULL;