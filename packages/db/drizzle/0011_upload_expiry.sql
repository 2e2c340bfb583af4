-- oldest program: 9
ALTER TABLE "uploads" ADD COLUMN "address_key" text;--> statement-breakpoint
ALTER TABLE "uploads" ADD COLUMN "expires_at" timestamp (3) with time zone DEFAULT now() + interval '30 days' NOT NULL;--> statement-breakpoint
CREATE INDEX "jobs_uploads" ON "jobs" USING gin (jsonb_path_query_array(inputs, '$.*.uploadId')) WHERE jsonb_path_exists(inputs, '$.*.uploadId');--> statement-breakpoint
CREATE INDEX "uploads_address" ON "uploads" USING btree ("address_key") WHERE address_key is not null;--> statement-breakpoint
CREATE INDEX "uploads_expiry" ON "uploads" USING btree ("expires_at");