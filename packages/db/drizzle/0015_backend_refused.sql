-- oldest program: 9
ALTER TABLE "backends" ADD COLUMN "refused_at" timestamp (3) with time zone;
