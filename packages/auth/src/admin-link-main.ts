import { createDatabase } from "@darkroom/db";
import { createAdminLink } from "./admin-link.ts";
import { readEnvironment } from "./env.ts";

// Prints the URL that makes its first visitor an admin, on one line; nothing while there is an admin.
const { databaseUrl, publicUrl } = readEnvironment();
const database = createDatabase(databaseUrl, { max: 1, applicationName: "darkroom-admin-link" });
try {
  const path = await createAdminLink(database);
  if (path !== null) console.log(new URL(path, publicUrl).href);
} finally {
  await database.close();
}
