import { rm } from "node:fs/promises";
import { join } from "node:path";
import { rolldown } from "rolldown";

// Builds what is published; what comes from npm is imported.

const here = import.meta.dirname;
const dist = join(here, "dist");
await rm(dist, { recursive: true, force: true });
const program = await rolldown({
  input: join(here, "src/main.ts"),
  platform: "node",
  external: /^(node:|@trpc\/|@modelcontextprotocol\/|ws$|commander$)/,
  treeshake: { moduleSideEffects: (id) => id.endsWith("main.ts") },
});
await program.write({ dir: dist, format: "esm", entryFileNames: "darkroom.js" });
await program.close();
