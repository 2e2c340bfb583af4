import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prepareEmbeddedPostgres } from "../../scripts/embedded/postgres.ts";
import { createGuard } from "../../scripts/processes/guard.ts";
import { freePort } from "../../scripts/processes/ports.ts";
import { runService } from "../../scripts/processes/run-service.ts";
import { raceCancels } from "./cancel-races.ts";
import { allCases, type FaultCase } from "./cases.ts";
import { createLane } from "./lane.ts";
import { nameOf, runCase, type Verdict } from "./run-case.ts";

// `pnpm test:faults [part of a name] [times]`: every failpoint with every kind of fault, on real processes, then a thousand
// cancel races; `times` looks for what fails one time in many. Prints a line per case and ends with status 1 if one failed. What the processes of a failed case printed is shown
// after the table.

/** Cases mostly wait for leases, so several fit on one core. */
const LANES = 5;

const RACES = 1000;
const RACES_NAME = "cancel races";

const [only = "", times = "1"] = process.argv.slice(2);
const named = allCases().filter((one) => nameOf(one).includes(only));
const cases = Array.from({ length: Number(times) }, () => named).flat();
if (cases.length === 0 && !RACES_NAME.includes(only)) {
  console.error(`test:faults: PART must be part of a case's name, as "${RACES_NAME}", and "${only}" is of none`);
  process.exit(2);
}

const folder = await mkdtemp(join(tmpdir(), "darkroom-faults-"));
await chmod(folder, 0o711);
const guard = createGuard();
guard.removeFolder(folder);
const postgres = await prepareEmbeddedPostgres({
  dataDir: join(folder, "postgres"),
  port: await freePort(),
  password: null,
  durable: false,
  logFile: join(folder, "postgres.log"),
});
const running = await runService(postgres.service, guard);

const verdicts: Verdict[] = [];
const startedAt = performance.now();
const waiting = [...cases];
async function work(): Promise<void> {
  const lane = await createLane(postgres.adminUrl, guard);
  for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) verdicts.push(await judge(one));
  await lane.close();

  async function judge(one: FaultCase): Promise<Verdict> {
    const verdict = await runCase(lane, one);
    print(verdict);
    return verdict;
  }
}
await Promise.all(Array.from({ length: Math.min(LANES, cases.length) }, work));
if (RACES_NAME.includes(only)) verdicts.push(await race());
await running.stop();
await guard.close();
await rm(folder, { recursive: true, force: true });

/** Alone on the machine, as far as this suite is concerned, so that the times are as random as they say. */
async function race(): Promise<Verdict> {
  const seed = Date.now() % 1_000_000;
  const lane = await createLane(postgres.adminUrl, guard);
  const { faults, canceled, seconds } = await raceCancels(lane, { jobs: RACES, seed });
  await lane.close();
  const ends = Object.entries(canceled).map(([state, count]) => `${count} ${state}`);
  const name = `${RACES_NAME}: ${RACES} jobs, seed ${seed}; of those canceled ${ends.join(", ")}`;
  const verdict = { name, faults, seconds, log: "" };
  print(verdict);
  return verdict;
}

function print({ name, faults, seconds }: Verdict): void {
  const sign = faults.length === 0 ? "✓" : "✗";
  console.log(`${sign} ${name.padEnd(52)} ${seconds.toFixed(1).padStart(5)} s ${faults.join("; ")}`);
}

const failed = verdicts.filter(({ faults }) => faults.length > 0);
for (const { name, faults, log } of failed) console.log(`\n✗ ${name}\n  ${faults.join("\n  ")}\n${log}`);
console.log(`${((performance.now() - startedAt) / 1000).toFixed(0)} s on ${LANES} lanes`);
console.log(`${verdicts.length - failed.length} passed, ${failed.length} failed`);
process.exit(failed.length === 0 ? 0 : 1);
