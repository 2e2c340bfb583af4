import { writeFile } from "node:fs/promises";
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { startTestServices } from "../../scripts/testing/services.ts";
import { ours, rawWs, socketIo } from "./contenders.ts";
import { type Figures, runFanOut, tableOf } from "./fan-out.ts";
import { installPeers } from "./install-peers.ts";
import { serialisations } from "./serialisations.ts";

// `pnpm bench:fan-out [--sockets N] [--rounds N] [--json FILE]`: durable events to as many sockets of one feed, then of twenty
// feeds, by ours, Socket.IO with its Redis adapter, and bare ws with one prebuilt frame. Only ratios of one run can be compared.

const { values } = parseArgs({
  options: {
    sockets: { type: "string", default: "1000" },
    rounds: { type: "string", default: "5" },
    json: { type: "string" },
  },
});
const sockets = Number(values.sockets);
const rounds = Number(values.rounds);

const folder = await installPeers();
const { postgresUrl, redisUrl, stop } = await startTestServices();
const urls = { postgresUrl, redisUrl };
const results: { readonly feeds: number; readonly figures: readonly Figures[] }[] = [];
try {
  for (const feeds of [1, 20]) {
    const [load = 0] = loadavg();
    console.log(`\n${sockets} sockets on ${feeds} feed(s), ${cpus().length} cores (load ${load.toFixed(1)} before)\n`);
    const contenders = [() => ours(urls, feeds), () => socketIo(urls, folder), () => rawWs(urls, folder)];
    const figures = await runFanOut(contenders, { sockets, feeds, perSecond: 10, seconds: 3, rounds });
    results.push({ feeds, figures });
    console.log(tableOf(figures));
  }
  console.log(`\nan event for ${sockets} sockets of as many feeds became JSON ${serialisations(sockets)} times`);
} finally {
  await stop();
}
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(results, null, 2)}\n`);
