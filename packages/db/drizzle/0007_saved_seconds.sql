-- oldest program: 2
ALTER TABLE "jobs" ADD COLUMN "saved_seconds" double precision;