-- oldest program: 2
ALTER TABLE "backends" ADD COLUMN "node_count" integer;--> statement-breakpoint
ALTER TABLE "backends" ADD COLUMN "models" jsonb;--> statement-breakpoint
ALTER TABLE "backends" ADD COLUMN "running_prompts" integer;--> statement-breakpoint
ALTER TABLE "backends" ADD COLUMN "pending_prompts" integer;--> statement-breakpoint
ALTER TABLE "backends" ADD COLUMN "warm_model" text;--> statement-breakpoint
ALTER TABLE "dispatches" ADD COLUMN "behind" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "slots" ADD COLUMN "kind" text DEFAULT 'run' NOT NULL;