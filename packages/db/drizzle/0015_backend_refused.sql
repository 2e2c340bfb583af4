-- oldest program: 9
DROP INDEX "outputs_of_owner";--> statement-breakpoint
ALTER TABLE "backends" ADD COLUMN "refused_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "outputs_of_owner" ON "outputs" USING btree ("owner_id","kind","created_at","id","job_id","attempt");