-- oldest program: 2
ALTER TABLE "backends" ADD COLUMN "node_info" jsonb;--> statement-breakpoint
ALTER TABLE "backends" ADD COLUMN "node_info_hash" text;--> statement-breakpoint
ALTER TABLE "workflow_versions" ADD COLUMN "note" text;--> statement-breakpoint
ALTER TABLE "workflow_versions" ADD COLUMN "created_by" uuid;--> statement-breakpoint
ALTER TABLE "workflow_versions" ADD COLUMN "published_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "workflow_versions" ADD COLUMN "published_by" uuid;--> statement-breakpoint
ALTER TABLE "workflow_versions" ADD COLUMN "accepted" jsonb;--> statement-breakpoint
-- Until now every version was published when it was made.
UPDATE "workflow_versions" SET "published_at" = "created_at";
