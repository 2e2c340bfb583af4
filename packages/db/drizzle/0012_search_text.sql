-- oldest program: 9
ALTER TABLE "jobs" ADD COLUMN "search_text" text;--> statement-breakpoint
CREATE INDEX "jobs_without_search_text" ON "jobs" USING btree ("created_at" DESC NULLS FIRST) WHERE search_text is null;