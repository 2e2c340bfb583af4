-- oldest program: 0
ALTER TABLE "jobs" ADD COLUMN "discarded_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "jobs_dead_letters" ON "jobs" USING btree ("created_at" DESC NULLS LAST,"id" DESC NULLS LAST) WHERE state = 'failed' and discarded_at is null;--> statement-breakpoint
CREATE INDEX "jobs_retried" ON "jobs" USING btree ("retry_of") WHERE retry_of is not null;