-- oldest program: 2
ALTER TABLE "attempts" ADD COLUMN "comfy_version" text;--> statement-breakpoint
ALTER TABLE "attempts" ADD COLUMN "graph" jsonb;--> statement-breakpoint
ALTER TABLE "attempts" ADD COLUMN "run" jsonb;