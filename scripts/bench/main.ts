import { launchProduct } from "../testing/launch-product.ts";
import { signUp } from "../testing/sign-up.ts";
import { busLatency } from "./bus-latency.ts";
import { compareWithSimulator } from "./compare-with-simulator.ts";
import { estimateErrors } from "./estimate-errors.ts";
import { followHundredJobs } from "./follow-hundred-jobs.ts";
import { percentile } from "./percentile.ts";
import { submitInPage } from "./submit-in-page.ts";

// The product's numbers on this machine, by a run of the whole product: prints a line per figure and ends with status 1
// if a target is missed. Load generator, browser and product share the machine's cores.

let hasMissed = false;
function report(name: string, figure: string, target: string, isMet: boolean): void {
  hasMissed ||= !isMet;
  console.log(`${isMet ? "✓" : "✗"} ${name}: ${figure} (target ${target})`);
}
const milliseconds = (values: readonly number[]): string =>
  `p50 ${percentile(values, 0.5).toFixed(0)} ms, p95 ${percentile(values, 0.95).toFixed(0)} ms, n = ${values.length}`;

const { address, simulatorUrl, redis, stop } = await launchProduct("bench", {
  maxClients: 32,
  env: { MAX_WAITING_PER_OWNER: "1000" },
});

try {
  const apiKey = await signUp(address);

  const added = await compareWithSimulator({ address, apiKey, simulatorUrl, runs: 20 });
  report("time added to the simulator", milliseconds(added), "p95 < 250 ms", percentile(added, 0.95) < 250);

  const hundred = await followHundredJobs({ address, apiKey, redis });
  const figure = `${hundred.notified} of 100 notified over ${hundred.sockets} socket`;
  report("100 concurrent jobs", figure, "100 of 100 over 1", hundred.notified === 100 && hundred.sockets === 1);
  const { connectionsBefore: before, connectionsDuring: during } = hundred;
  report(
    "Redis connections, maxclients 32",
    `${before} idle, ${during} at most under load`,
    "unchanged",
    before === during,
  );

  const bus = await busLatency(redis, 500);
  const [p50, p95] = [0.5, 0.95].map((share) => `${percentile(bus, share).toFixed(2)} ms`);
  report("an event over Redis", `p50 ${p50}, p95 ${p95}, n = ${bus.length}`, "p95 ≤ 5 ms", percentile(bus, 0.95) <= 5);

  const apiKeys = await Promise.all([1, 2, 3].map(() => signUp(address)));
  const { errors, ranged, within } = await estimateErrors({ address, apiKeys });
  const percent = (share: number) => `${(100 * percentile(errors, share)).toFixed(0)} %`;
  report(
    "error of the estimated end of waiting jobs",
    `median ${percent(0.5)}, p90 ${percent(0.9)}, n = ${errors.length}`,
    "median ≤ 20 %",
    percentile(errors, 0.5) <= 0.2,
  );
  // Sixteen jobs that wait for each other are not sixteen questions: how many ranges hold, the test of forecast.ts says.
  report(
    "of those jobs ended within their range",
    `${within} of ${ranged}`,
    "a range for each",
    ranged === errors.length,
  );

  // Last, as its jobs keep the backend busy after it.
  const { submits, unpainted, floor } = await submitInPage(address, 30);
  const ratio = percentile(submits, 0.5) / percentile(floor, 0.5);
  report(
    "submit → job.queued in the page",
    `${milliseconds(submits)}; unpainted ${milliseconds(unpainted)}; floor ${milliseconds(floor)}; ${ratio.toFixed(1)} × the floor`,
    "p95 < 60 ms",
    percentile(submits, 0.95) < 60,
  );
} finally {
  await stop();
}
process.exit(hasMissed ? 1 : 0);
