-- oldest program: 9
DROP INDEX "uploads_history";--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "removed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "maintenance" ADD COLUMN "files_swept_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "owners" ADD COLUMN "removed_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "jobs_removed" ON "jobs" USING btree ("removed_at") WHERE removed_at is not null;--> statement-breakpoint
CREATE INDEX "outputs_storage_key" ON "outputs" USING btree ("storage_key");--> statement-breakpoint
CREATE INDEX "uploads_storage_key" ON "uploads" USING btree ("storage_key");--> statement-breakpoint
CREATE INDEX "uploads_history" ON "uploads" USING btree ("owner_id","created_at" DESC NULLS LAST,"id" DESC NULLS LAST);