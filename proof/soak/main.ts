import { parseArgs } from "node:util";
import { percentile } from "../../scripts/bench/percentile.ts";
import type { Sample } from "./sample.ts";
import { soak } from "./soak.ts";

// `pnpm soak --minutes 30`: the whole product under a steady load; prints what it holds each minute, ten times also what of that
// is live, and ends with status 1 if memory or connections grow, or a job is not what it should be.

const { values } = parseArgs({ options: { minutes: { type: "string", default: "30" } } });
const minutes = Number(values.minutes);

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
const tenths = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
const perMinute = 6;
const wanted = Math.round(minutes * perMinute);
const liveEvery = Math.max(1, Math.floor(wanted / 10));
let seen = 0;
const { ended, errors, samples } = await soak({
  ms: minutes * 60_000,
  samples: wanted,
  liveEvery,
  onSample: ({ resident, live, connections }, done) => {
    seen += 1;
    const minute = (seen / perMinute).toFixed(1);
    if (seen % perMinute === 0) {
      const held = [...resident].map(([name, bytes]) => `${name} ${megabytes(bytes)}`).join(", ");
      console.log(`minute ${minute}: ${done} jobs, ${held}, ${connections} connections to Redis`);
    }
    if (live.size === 0) return;
    const left = [...live].map(
      ([name, { heap, external }]) => `${name} ${tenths(heap)} and ${tenths(external)} of buffers`,
    );
    console.log(`minute ${minute}, after a collection: ${left.join(", ")}`);
  },
});

let isFlat = true;
function line(name: string, figure: string, goal: string, isMet: boolean): void {
  isFlat &&= isMet;
  console.log(`${isMet ? "✓" : "✗"} ${name}: ${figure} (goal ${goal})`);
}
const states = [...ended].map(([state, count]) => `${count} ${state}`).join(", ");
line("jobs", states, "all succeeded", ended.size === 1 && ended.has("succeeded"));
line("callers' errors", String(errors.length), "0", errors.length === 0);
for (const error of new Set(errors)) console.log(`    ${error}`);

// The first third is the warm-up: compilers, pools and caches fill.
const third = Math.floor(samples.length / 3);
const median = (part: readonly Sample[], of: (sample: Sample) => number | undefined): number =>
  percentile(
    part.map(of).filter((bytes) => bytes !== undefined),
    0.5,
  );
function compare(what: string, show: (bytes: number) => string, of: (sample: Sample) => number | undefined): void {
  const before = median(samples.slice(third, 2 * third), of);
  const after = median(samples.slice(2 * third), of);
  const figure = `${show(before)} in the second third, ${show(after)} in the last`;
  line(what, figure, "at most 5 % more", after <= before * 1.05);
}
for (const name of samples[0]?.resident.keys() ?? []) {
  compare(`memory of ${name}`, megabytes, ({ resident }) => resident.get(name));
  compare(`live heap of ${name}`, tenths, ({ live }) => live.get(name)?.heap);
}
const counts = samples.map(({ connections }) => connections);
const [least, most] = [Math.min(...counts), Math.max(...counts)];
line("connections to Redis", `${least} to ${most}`, "always the same", least === most);
process.exit(isFlat ? 0 : 1);
