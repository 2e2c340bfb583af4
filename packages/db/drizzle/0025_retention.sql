-- oldest program: 9
ALTER TABLE "maintenance" ADD COLUMN "retained_to" uuid;