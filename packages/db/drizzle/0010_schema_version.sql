-- oldest program: 9
CREATE TABLE "schema_version" (
	"id" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"version" integer NOT NULL,
	"oldest_program" integer NOT NULL
);
