#!/usr/bin/env bash
# rolldown, at its defaults, takes the one statement out of a `try` that is there to throw, so the bundle answers otherwise
# than its source.
#
# Version    rolldown 1.2.19, beside rollup 4.62.2 and esbuild 0.28.2, all at their defaults.
# Behaviour  A call whose result nobody uses is taken away where the function is known to have no side effect. Of
#            `decodeURIComponent` that is true but for its exceptions, and `try { decodeURIComponent(text); return true; }
#            catch { return false; }` is how one asks whether a text is well formed. rolldown leaves `return true`, also with
#            `treeshake: false`: the second place that does it is the minifier, which removes dead code unless it is told
#            `minify: false`. Only both together keep the call.
# One would guess that calls inside a `try` stay, as rollup keeps them (its option `tryCatchDeoptimization`, on by default)
#            and esbuild too; or that `treeshake: false` is enough.
# Seen       source: false
#            rollup: false
#            esbuild: false
#            rolldown: true
#            rolldown, treeshake: false: true
#            rolldown, treeshake: false, minify: false: false
#
# Our way round it: scripts/programs/bundle-programs.ts says both.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --no-audit --no-fund --loglevel=error rolldown@1.2.19 rollup@4.62.2 esbuild@0.28.2 >/dev/null 2>&1

cat >source.mjs <<'SCRIPT'
export function isDecodable(text) {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
SCRIPT
cat >show.mjs <<'SCRIPT'
import { build } from "esbuild";
import { rolldown } from "rolldown";
import { rollup } from "rollup";

async function say(name, file) {
  const { isDecodable } = await import(file);
  console.log(`${name}: ${isDecodable("%")}`);
}
await say("source", "./source.mjs");

const rolled = await rollup({ input: "source.mjs" });
await rolled.write({ file: "rollup.mjs" });
await say("rollup", "./rollup.mjs");

await build({ entryPoints: ["source.mjs"], bundle: true, format: "esm", outfile: "esbuild.mjs", logLevel: "error" });
await say("esbuild", "./esbuild.mjs");

for (const [input, output] of [
  [{}, {}],
  [{ treeshake: false }, {}],
  [{ treeshake: false }, { minify: false }],
]) {
  const told = Object.entries({ ...input, ...output }).map(([name, value]) => `, ${name}: ${value}`).join("");
  const file = `rolldown${Object.keys({ ...input, ...output }).join("-")}.mjs`;
  const bundle = await rolldown({ input: "source.mjs", ...input });
  await bundle.write({ file, ...output });
  await say(`rolldown${told}`, `./${file}`);
}
SCRIPT

seen=$(timeout 60 node show.mjs)
expected='source: false
rollup: false
esbuild: false
rolldown: true
rolldown, treeshake: false: true
rolldown, treeshake: false, minify: false: false'
echo "$seen"
[ "$seen" = "$expected" ] || { printf 'This has changed. Expected:\n%s\n' "$expected" >&2; exit 1; }
