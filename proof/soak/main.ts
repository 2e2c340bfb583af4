import { parseArgs } from "node:util";
import { percentile } from "../../scripts/bench/percentile.ts";
import type { Sample } from "./sample.ts";
import { soak } from "./soak.ts";

// `pnpm soak --minutes 30`: the whole product under a steady load; prints what it holds each minute and ends with status 1
// if memory or connections grow, or a job is not what it should be.

const { values } = parseArgs({ options: { minutes: { type: "string", default: "30" } } });
const minutes = Number(values.minutes);

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
const perMinute = 6;
let seen = 0;
const { ended, errors, samples } = await soak({
  ms: minutes * 60_000,
  samples: Math.round(minutes * perMinute),
  onSample: ({ resident, connections }, done) => {
    seen += 1;
    if (seen % perMinute > 0) return;
    const held = [...resident].map(([name, bytes]) => `${name} ${megabytes(bytes)}`).join(", ");
    console.log(`minute ${seen / perMinute}: ${done} jobs, ${held}, ${connections} connections to Redis`);
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
const median = (part: readonly Sample[], name: string): number =>
  percentile(
    part.map(({ resident }) => resident.get(name) ?? Number.NaN),
    0.5,
  );
for (const name of samples[0]?.resident.keys() ?? []) {
  const before = median(samples.slice(third, 2 * third), name);
  const after = median(samples.slice(2 * third), name);
  const figure = `${megabytes(before)} in the second third, ${megabytes(after)} in the last`;
  line(`memory of ${name}`, figure, "at most 5 % more", after <= before * 1.05);
}
const counts = samples.map(({ connections }) => connections);
const [least, most] = [Math.min(...counts), Math.max(...counts)];
line("connections to Redis", `${least} to ${most}`, "always the same", least === most);
process.exit(isFlat ? 0 : 1);
