-- oldest program: 9
ALTER TABLE "jobs" ADD COLUMN "request_id" text;