// What package.json's commands run, and what each may be given: `scripts/bootstrap.mjs` looks here before it installs or
// starts anything. A program reads its own options; that they are the same ones, `scripts/command-line.test.ts` holds.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** A rule: what a value must be, in words, and whether a text is that. */
const whole = (from, step = 1) => ({
  words: `${step === 1 ? "a whole number" : `a multiple of ${step}`} from ${from} on`,
  allows: (text) => /^\d{1,15}$/.test(text) && Number(text) >= from && Number(text) % step === 0,
});
const isNumber = (text) => /^\d+(\.\d+)?$/.test(text);
const from = (least) => ({
  words: `a number from ${least} on`,
  allows: (text) => isNumber(text) && Number(text) >= least,
});
const positive = { words: "a number above 0", allows: (text) => isNumber(text) && Number(text) > 0 };
const oneOf = (...choices) => ({ words: choices.join(" or "), allows: (text) => choices.includes(text) });
const folder = { words: "a folder that there is", allows: (text) => text !== "" && existsSync(text) };
const indexedFolder = {
  words: "a folder with an index.json",
  allows: (text) => text !== "" && existsSync(join(text, "index.json")),
};
const file = {
  words: "a file to write, in a folder that there is",
  allows: (text) => text !== "" && existsSync(dirname(text)),
};
const some = { words: "a text that is not empty", allows: (text) => text !== "" };

const seed = (without) => ({
  takes: "S",
  must: whole(0),
  says: `the same seed gives the same run; ${without} without it`,
});
const part = (of) => ({
  takes: "PART",
  must: some,
  says: `only those whose name has this in it; without it, every ${of}`,
});

const dotEnv = "--env-file-if-exists=.env";
const bySettings = "Its settings are environment variables, or lines of .env: see .env.example.";

/**
 * `run`: what Node is given. `options`: by name, each with what it `takes` (nothing: a switch), what that `must` be, and
 * what it `says` in the usage; one that is `repeated` may stand there several times. `words`: what may be given without a
 * name, in this order. `parsesItself`: the program knows its own command line.
 */
export const commands = {
  start: {
    run: ["scripts/start.ts"],
    does: `Everything, on one machine, with what it needs. ${bySettings}`,
  },
  dev: { run: ["scripts/start.ts", "--dev"], does: `Like npm start, with hot reloading. ${bySettings}` },
  test: {
    run: ["scripts/verify.ts"],
    does: "Every check: lint, types, unit, integration and browser tests. One file alone: pnpm exec vitest run FILE.",
  },
  verify: { run: ["scripts/verify.ts"], does: "The same as npm test." },
  "test:fast": {
    run: ["scripts/verify.ts", "--fast"],
    does: "Lint, types and the quick tests, for all day: docs/testing.md.",
  },
  bench: { run: ["scripts/bench/main.ts"], does: "The numbers of docs/numbers.md." },
  "bench:page": { run: ["scripts/bench/page-main.ts"], does: "What the pages cost a visitor: docs/numbers.md." },
  "bench:million": {
    run: ["proof/million/main.ts"],
    does: "What lists, searches, periodic queries and a job's life cost beside a million ended jobs.",
    options: {
      jobs: { takes: "N", must: whole(20_000), says: "how many ended jobs; 1000000 without it" },
      calls: { takes: "N", must: whole(1), says: "how often each is called; 100 without it" },
    },
  },
  "bench:fan-out": {
    run: ["proof/fan-out/main.ts"],
    does: "Durable events to many sockets: ours beside Socket.IO and bare ws.",
    options: {
      sockets: { takes: "N", must: whole(20, 20), says: "how many sockets; 1000 without it" },
      rounds: { takes: "N", must: whole(1), says: "how many rounds, everyone in turn; 5 without it" },
      json: { takes: "FILE", must: file, says: "writes the figures there too" },
    },
  },
  "bench:peers": {
    run: ["proof/peers/main.ts"],
    does: "The durable path beside what somebody would pick instead: docs/numbers.md.",
    options: {
      only: {
        takes: "ROW",
        must: some,
        says: "one row of the table; without it, every row but fan-out, lists, resting and start, which are programs of their own",
      },
      rounds: { takes: "N", must: whole(1), says: "how many rounds, everyone in turn; 5 without it, of starts 1" },
      scale: { takes: "S", must: positive, says: "the share of the calls in a round; 1 without it" },
      json: { takes: "FILE", must: file, says: "writes the figures there too" },
    },
  },
  "test:model": {
    run: ["proof/model/main.ts"],
    does: "Random interleavings of the real SQL and Lua against a reference model.",
    options: {
      steps: { takes: "N", must: whole(1), says: "how many steps; 200000 without it" },
      seed: seed("a random one"),
    },
  },
  "test:faults": {
    run: ["proof/faults/main.ts"],
    does: "Real processes through every failpoint, outages, and a thousand cancel races: docs/faults.md.",
    words: [part("case"), { takes: "TIMES", must: whole(1), says: "how often each; 1 without it" }],
  },
  "test:mutants": {
    run: ["proof/mutants/main.ts"],
    does: "Takes the product's guards away one at a time; a test must fail each time.",
    options: { only: { takes: "NAME", must: some, repeated: true, says: "this mutant; without it, every one" } },
  },
  "test:fleet": {
    run: ["proof/fleet/main.ts"],
    does: "Shares, loads of models and gaps on four simulators: docs/comfyui.md.",
    words: [
      { takes: "JOBS", must: whole(1), says: "how many jobs of each owner; 60 without it" },
      seed("a random one"),
    ],
  },
  "test:surprises": {
    run: ["proof/surprises/main.ts"],
    does: "Every surprise of ComfyUI on each version: docs/comfyui.md.",
    words: [part("surprise")],
  },
  "test:instances": {
    run: ["proof/instances/main.ts"],
    does: "Three web processes and three workers, as one system for whoever watches.",
  },
  "test:deploy": {
    run: ["proof/deploy/main.ts"],
    does: "The product behind real proxies and on real services. Needs Debian packages, and names those that are missing.",
    words: [part("file")],
  },
  "test:workflow-files-fuzz": {
    run: ["packages/workflow-files/src/testing/fuzz-main.ts"],
    does: "Files changed at random: each is read or refused with a reason, within bounds.",
    options: {
      inputs: { takes: "N", must: whole(1), says: "how many files; 100000 without it" },
      seed: seed("1"),
    },
  },
  "test:workflow-pairs": {
    run: ["packages/workflow-format/src/testing/main.ts"],
    does: "Files of ComfyUI's editor against what the real editor sends for them: docs/workflows.md.",
    words: [{ takes: "DIR", must: indexedFolder, says: "pairs of one's own; without it, the project's" }],
  },
  "test:workflow-forms": {
    run: ["proof/workflows/forms/main.ts"],
    does: "The forms that an import suggests against what a person wants of each graph: docs/workflows.md.",
    words: [
      { takes: "DIR_OF_GRAPHS", must: indexedFolder, says: "graphs of one's own; without it, the project's" },
      { takes: "DIR_OF_WANTS", must: folder, says: "what a person wants of them; without it, the project's" },
    ],
  },
  "test:simulator-graphs": {
    run: ["proof/workflows/runs/main.ts"],
    does: "How many graphs run on the simulator to files of the right kind: docs/simulator.md.",
    words: [{ takes: "DIR", must: folder, repeated: true, says: "graphs of one's own; without it, the project's" }],
  },
  chaos: {
    run: ["proof/chaos/main.ts"],
    does: "The whole product under faults, judged by an auditor: docs/reliability.md.",
    options: {
      minutes: { takes: "M", must: positive, says: "for how many minutes' jobs; 2 without it" },
      seed: seed("1"),
      jobs: { takes: "N", must: whole(1), says: "how many jobs; 1500 a minute without it" },
      lease: { takes: "SECONDS", must: positive, says: "how long a lease lasts; 10 without it" },
      storage: { takes: "KIND", must: oneOf("disk", "bucket"), says: "where files are kept; bucket without it" },
      keep: { says: "keeps the evidence of a good run too" },
      recover: { takes: "N", must: whole(1), says: "instead: N times each, how long one fault takes to recover from" },
    },
  },
  storm: {
    run: ["proof/storm/main.ts"],
    does: "Kills the gateway under many sockets and counts what they miss: docs/storm.md.",
    options: {
      sockets: { takes: "N", must: whole(1), says: "how many sockets; 1000 without it" },
      rate: { takes: "R", must: positive, says: "durable events a second; 40 without it" },
    },
  },
  soak: {
    run: ["proof/soak/main.ts"],
    does: "The whole product under a steady load: memory and connections must stay flat.",
    options: { minutes: { takes: "M", must: from(1), says: "for how long; 30 without it" } },
  },
  rooms: { run: ["scripts/structure/main.ts"], does: "Draws docs/rooms.md from the code." },
  // One process each, against the services that the environment names.
  web: { run: [dotEnv, "apps/web/src/server/main.ts"], does: `The web process. ${bySettings}` },
  worker: { run: [dotEnv, "apps/worker/src/main.ts"], does: `A worker. ${bySettings}` },
  darkroom: { run: ["packages/cli/src/main.ts"], does: "The command line: docs/services.md.", parsesItself: true },
  migrate: {
    run: [dotEnv, "packages/db/src/migrate/main.ts"],
    does: `Migrations and the bundled workflows, into the environment's database. ${bySettings}`,
  },
  simulator: { run: [dotEnv, "packages/simulator/src/main.ts"], does: `The stand-in for ComfyUI. ${bySettings}` },
};
