import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { createTestDatabase } from "@darkroom/db/testing";
import { startTestServices } from "../../scripts/testing/services.ts";
import { runStorm, type StormReport } from "./storm.ts";

// `pnpm storm --sockets 1000`: kills the gateway under as many sockets and prints how they come back. Status 1 if a goal
// is missed. Postgres and Redis are its own, unless TEST_DATABASE_URL and TEST_REDIS_URL name others.

const { values } = parseArgs({
  options: {
    sockets: { type: "string", default: "1000" },
    rate: { type: "string", default: "40" },
  },
});
const sockets = Number(values.sockets);
const eventsPerSecond = Number(values.rate);

/** All of a thousand are back within 5 s, of five thousand within 15 s, of others in proportion. */
const goalMs = 2500 + sockets * 2.5;
const { postgresUrl, redisUrl, stop } = await startTestServices();
const { database, url, drop } = await createTestDatabase(postgresUrl);
let report: StormReport;
try {
  const [load = 0] = loadavg();
  console.log(
    `${sockets} sockets, ${eventsPerSecond} durable events/s. Clients, gateway, Postgres and Redis share the ` +
      `${cpus().length} cores of this machine (load ${load.toFixed(1)} before).`,
  );
  report = await runStorm({
    database,
    databaseUrl: url,
    redisUrl,
    sockets,
    eventsPerSecond,
    calmMs: 2000,
    patienceMs: 60_000 + 100 * sockets,
    say: (line) => console.log(`  ${line}`),
  });
} finally {
  await drop();
  await stop();
}

let isMet = true;
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
function line(name: string, figure: string, goal?: { readonly text: string; readonly isMet: boolean }): void {
  isMet &&= goal?.isMet ?? true;
  const mark = goal === undefined ? "·" : goal.isMet ? "✓" : "✗";
  console.log(`${mark} ${name}: ${figure}${goal === undefined ? "" : ` (goal ${goal.text})`}`);
}
const { verdict } = report;
line("restart of the gateway itself", seconds(report.restartMs));
line("subscribed again after it, 50 %", seconds(report.halfMs));
line("subscribed again after it, 99 %", seconds(report.almostAllMs));
line("subscribed again after it, all", seconds(report.allMs), {
  text: `≤ ${seconds(goalMs)}`,
  isMet: report.allMs <= goalMs,
});
line("Postgres queries of the start itself", String(report.startQueries));
line("Postgres queries per client, since it was ready", (report.queries / sockets).toFixed(3), {
  text: "≤ 0.1",
  isMet: report.queries <= 0.1 * sockets,
});
const wrong = verdict.missed + verdict.repeated + verdict.outOfOrder + verdict.foreign;
line(
  "durable events",
  `${verdict.events} due, ${verdict.missed} missed, ${verdict.repeated} repeated, ${verdict.outOfOrder} out of order`,
  { text: "0 wrong", isMet: wrong === 0 },
);
line("told to begin anew", String(verdict.resets), { text: "0", isMet: verdict.resets === 0 });
process.exit(isMet ? 0 : 1);
