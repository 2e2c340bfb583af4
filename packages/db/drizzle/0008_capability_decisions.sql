-- oldest program: 2
ALTER TABLE "abilities" RENAME TO "capability_decisions";--> statement-breakpoint
ALTER TABLE "capability_decisions" DROP CONSTRAINT "abilities_catalog_hash_capability_key_pk";--> statement-breakpoint
ALTER TABLE "capability_decisions" ADD CONSTRAINT "capability_decisions_catalog_hash_capability_key_pk" PRIMARY KEY("catalog_hash","capability_key");--> statement-breakpoint
-- Programs from before this migration read and write the table by its old name while they are being replaced.
CREATE VIEW "abilities" AS SELECT * FROM "capability_decisions";
