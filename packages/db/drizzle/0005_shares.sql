-- oldest program: 2
ALTER TABLE "outputs" ADD COLUMN "share_hash" text;--> statement-breakpoint
ALTER TABLE "outputs" ADD CONSTRAINT "outputs_share" UNIQUE("share_hash");