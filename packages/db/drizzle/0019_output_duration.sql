-- oldest program: 9
ALTER TABLE "outputs" ADD COLUMN "duration_seconds" real;