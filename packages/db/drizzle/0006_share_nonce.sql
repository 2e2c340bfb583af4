-- oldest program: 2
ALTER TABLE "outputs" ADD COLUMN "share_nonce" text;