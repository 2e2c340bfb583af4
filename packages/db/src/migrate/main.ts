import { createDatabase } from "../postgres/client.ts";
import { bundledWorkflows } from "../workflows/bundled/index.ts";
import { seedWorkflows } from "../workflows/seed-workflows.ts";
import { readEnv } from "./env.ts";
import { migrate } from "./migrate.ts";

// The process that prepares a database: migrations, then the bundled workflows. Safe to run at every start.
try {
  const database = createDatabase(readEnv().databaseUrl, { max: 1, applicationName: "migrate" });
  try {
    await migrate(database);
    await seedWorkflows(database, bundledWorkflows);
  } finally {
    await database.close();
  }
  console.log(`database ready: migrated, ${bundledWorkflows.length} bundled workflows`);
} catch (error) {
  console.error(`migrate: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
