import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { hold, type Result, tableOf } from "./contest.ts";
import { installPeers } from "./peers.ts";
import { rows } from "./rows.ts";
import { startServers } from "./servers.ts";

// `pnpm bench:peers [--only ROW] [--rounds N] [--scale S] [--json FILE]`: Darkroom's durable path beside what somebody would
// pick instead, on the same servers, everyone in turn. Ratios of one run can be compared; figures of two runs cannot.

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    rounds: { type: "string", default: "5" },
    scale: { type: "string", default: "1" },
    json: { type: "string" },
  },
});
const { only, rounds, scale, json } = values;
const chosen = Object.entries(rows).filter(([name]) => only === undefined || name === only);
if (chosen.length === 0) {
  console.error(`bench:peers: --only must be one of ${Object.keys(rows).join(", ")}, and "${only}" is not`);
  process.exit(2);
}

const root = join(import.meta.dirname, "../..");
const peers = await installPeers(root);
const servers = await startServers();
const results: Result[] = [];
try {
  for (const [, row] of chosen) {
    const { contests, close } = await row(servers, peers, Number(scale));
    try {
      for (const contest of contests) {
        const result = await hold(contest, Number(rounds));
        results.push(result);
        console.error(tableOf([result]).split("\n").at(-1));
      }
    } finally {
      await close();
    }
  }
} finally {
  await servers.stop();
}
console.log(tableOf(results));
if (json !== undefined) await writeFile(json, `${JSON.stringify(results, null, 2)}\n`);
