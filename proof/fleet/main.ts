import { startTestServices } from "../../scripts/testing/services.ts";
import { type FleetRun, runFleet } from "./fleet.ts";

// `pnpm test:fleet [jobs per owner] [seed]`: two workers, four simulators, three owners and three models, once in turn and
// once with the warm models preferred. Ends with status 1 if shares are unfair, models are loaded too often, or a backend
// stands idle between prompts.

const [jobs = "60", seedText = String(Date.now() % 1_000_000)] = process.argv.slice(2);
const [jobsPerOwner, seed] = [Number(jobs), Number(seedText)];

const { stop, ...urls } = await startTestServices();

const print = (name: string, { loads, prompts, fairness, gapMs: [median, p95], seconds }: FleetRun): void =>
  console.log(
    `${name.padEnd(8)} ${loads} loads in ${prompts} prompts, Jain index ${fairness.toFixed(3)}, ` +
      `gap ${median} ms (p95 ${p95} ms), ${seconds.toFixed(0)} s`,
  );
console.log(`seed ${seed}, ${jobsPerOwner} jobs for each of three owners`);
const inTurn = await runFleet(urls, { jobsPerOwner, prefersWarm: false, seed });
print("in turn", inTurn);
const warm = await runFleet(urls, { jobsPerOwner, prefersWarm: true, seed });
print("warm", warm);
await stop();

const ratio = warm.loads / warm.prompts / (inTurn.loads / inTurn.prompts);
console.log(`${(100 * ratio).toFixed(0)} % of the loads`);
if (warm.fairness < 0.95 || ratio > 0.4 || warm.gapMs[0] > 5) process.exitCode = 1;
