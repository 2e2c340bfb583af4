import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { rolldown } from "rolldown";
import { dts } from "rolldown-plugin-dts";

// Builds what is published: `dist/index.js`, and its types in one file. What comes from other packages of this repository is
// put in, because nobody can install those; what comes from npm is imported.

const here = import.meta.dirname;
const root = join(here, "../..");
const dist = join(here, "dist");
const external = /^(@trpc\/|node:|ws$|zod$)/;

await rm(dist, { recursive: true, force: true });

const program = await rolldown({
  input: join(here, "src/index.ts"),
  platform: "node",
  external,
  // Our own modules do nothing when they are imported, so zod's schemas are left out with whatever else is not used.
  treeshake: { moduleSideEffects: false },
});
await program.write({ dir: dist, format: "esm", entryFileNames: "index.js" });
await program.close();

// Inside the checkout, so that the declarations find the packages that they import.
const declarations = await mkdtemp(join(here, ".types-"));
try {
  const options = [
    "--noEmit",
    "false",
    "--emitDeclarationOnly",
    "--declaration",
    "--rootDir",
    root,
    "--outDir",
    declarations,
  ];
  const emitted = spawnSync(
    join(root, "node_modules/.bin/tsc"),
    ["-p", join(here, "tsconfig.types.json"), ...options],
    { stdio: "inherit" },
  );
  if (emitted.status !== 0) throw new Error("the types do not compile");
  await linkDeclarations(declarations);
  const types = await rolldown({
    input: join(declarations, "packages/client/src/index.d.ts"),
    external: [external, /^(better-auth|drizzle-orm|ioredis|postgres)/],
    plugins: [dts({ dtsOnly: true })],
  });
  await types.write({ dir: dist, format: "esm", entryFileNames: "index.d.ts" });
  await types.close();
} finally {
  await rm(declarations, { recursive: true, force: true });
}

/**
 * Lets the declarations in the folder import one another instead of sources. The context of procedures becomes an empty one:
 * it is the server's own, no caller's type has it, and with it all of the database would be published.
 */
async function linkDeclarations(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const text = await readFile(path, "utf8");
    const linked = text
      .replace(/(["'])(\.{1,2}\/[^"']+)\.ts\1/g, '"$2.d.ts"')
      .replace(/(["'])@darkroom\/([a-z-]+)\1/g, (_, __, name: string) => {
        const target = relative(entry.parentPath, join(folder, "packages", name, "src/index.d.ts"));
        return `"${target.startsWith(".") ? target : `./${target}`}"`;
      });
    await writeFile(path, linked);
  }
  const api = join(folder, "packages/api/src");
  await writeFile(join(api, "context.d.ts"), "export type Context = object;\n");
  const told = ["app-router", "answers/index", "inputs"].map((name) => `export type * from "./${name}.d.ts";`);
  await writeFile(join(api, "index.d.ts"), told.join("\n"));
}
