import { createDatabase } from "@darkroom/db";
import { makeAdminToken } from "./auth.ts";
import { readDatabaseUrl } from "./env.ts";

// Prints the path at which the first admin is made, or nothing once there is one. Run it again for a new link.
const database = createDatabase(readDatabaseUrl(), { max: 1, applicationName: "darkroom-admin-link" });
try {
  const token = await makeAdminToken(database);
  if (token !== null) console.log(`/ops/claim?token=${token}`);
} finally {
  await database.close();
}
