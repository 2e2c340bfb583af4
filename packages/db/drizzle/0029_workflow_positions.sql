-- oldest program: 9
ALTER TABLE "workflow_versions" ADD COLUMN "positions" jsonb;