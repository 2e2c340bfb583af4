import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { serverGerman } from "../../apps/web/src/language/de/answers/index.ts";
import { translatorOf } from "../../apps/web/src/language/translator.ts";
import { type InputRole, roles } from "../../packages/api/src/workflows/parameters/roles.ts";
import { listFaultKinds } from "../../packages/simulator/src/faults/fault.ts";
import { readSentences } from "./sentences.ts";

const root = join(import.meta.dirname, "../..");

/** Whose sentences reach a page: refusals, reasons, findings, alerts. */
const speakers = [
  ...["contracts", "api", "db", "auth", "storage", "workflow-format", "workflow-files", "monitor"].map(
    (name) => `packages/${name}/src`,
  ),
  "apps/worker/src",
  "apps/web/src/server",
];

/** Not for the pages: OpenAPI and metrics, mail, programs that are started wrongly, names of nodes, what a workflow's author writes. */
const ASIDE = [
  /^packages\/api\/src\/(rest|openapi|access\/doors|live\/best-effort|routers\/system|workflows\/(check\/test-nodes|graph\/own-classes|parameters\/))/,
  /^packages\/contracts\/src\/workflow\/inputs-json-schema/,
  /^packages\/auth\/src\/accounts\/mail/,
  /^packages\/db\/src\/(migrate|workflows\/bundled|postgres)/,
  /^packages\/monitor\/src\/(redis-metrics|waits)/,
  /^packages\/workflow-format\/src\/(links|values|read|write\/write-node)/,
  /^packages\/workflow-files\/src\/(containers|meaning)/,
  /^apps\/worker\/src\/(access-file|health|run\/stop-prompt)/,
  /^apps\/web\/src\/server\/(main|env|settings|push|websocket|routes\/(metrics|table|generate))/,
];
/** Put together in the code that says them; the translations have them whole. */
const PIECES = [
  // tRPC says it, and errors.ts says it otherwise.
  "Batch call exceeds maximum size",
  "{0} on a server and import again, or replace the node in ComfyUI.",
  "{0}: {1} and import again.",
  "{0}: the file has no value for {1}; {2} the default of “{3}”, as in ComfyUI.",
];
const SQL = /^\s*(SELECT|DELETE|UPDATE|INSERT|EXISTS|ORDER|CREATE|CROSS|AND) /;

test("the pages can say in German whatever the server tells people", () => {
  const known = translatorOf(serverGerman);
  const unknown = speakers
    .flatMap((folder) =>
      readSentences(join(root, folder)).unsaid.map(({ place, text }) => ({ place: `${folder}/${place}`, text })),
    )
    .filter(({ place, text }) => !SQL.test(text) && !PIECES.includes(text) && !ASIDE.some((aside) => aside.test(place)))
    .filter(({ text }) => known(text) === text && !(text in serverGerman.parts));
  expect(unknown).toEqual([]);
});

test("and what the simulator says of its faults", () => {
  const known = translatorOf(serverGerman);
  const said = listFaultKinds().flatMap(({ about, fields }) => [
    about,
    ...Object.values(fields as Record<string, { readonly description?: string }>).map(
      ({ description = "" }) => description,
    ),
  ]);
  expect(said.filter((text) => known(text) === text)).toEqual([]);
});

test("and what an import calls the inputs of a workflow, with a number or a node's title behind it", () => {
  const labels = Object.values<InputRole>(roles).flatMap(({ name, label, isNamedByInput }) => {
    if (isNamedByInput) return [];
    return name === "extend" ? ["left", "top", "right", "bottom"].map((side) => `${label} ${side}`) : [label];
  });
  expect(labels.filter((label) => !(label in serverGerman.labels))).toEqual([]);
  const say = translatorOf(serverGerman);
  expect(["Negative prompt", "Steps 2", "Model (Refiner)", "Extend left"].map(say)).toEqual([
    ...["Negativer Prompt", "Schritte 2", "Modell (Refiner)", "Links erweitern"],
  ]);
  expect(["Steps of the refiner", "Grain"].map(say)).toEqual(["Steps of the refiner", "Grain"]);
});

test("wherever a page shows why a job failed or waits, it says it in its own language", () => {
  const pages = join(root, "apps/web/src");
  const shown = globSync("{app,features}/**/*.{ts,tsx}", { cwd: pages }).flatMap((file) =>
    [...readFileSync(join(pages, file), "utf8").matchAll(/(.{0,20})\b(?:failure\??\.message|waitReason)\b(.{0,6})/g)]
      .filter(([, before = "", after = ""]) => !/tServer\((String\()?[\w.]*$/.test(before) && !/^ [=!]==/.test(after))
      .map(([text]) => `${file}: ${text.trim()}`),
  );
  expect(shown).toEqual([]);
});

test("a sentence of the server keeps what was put into it, and what is not known stays as it is", () => {
  const say = translatorOf(serverGerman);
  expect(say("Only 1 of 3 backends can run it, and they are busy.")).toBe(
    "Nur 1 von 3 Backends können ihn ausführen, und sie sind beschäftigt.",
  );
  expect(say("inputs.steps must be at most 50 (and 2 more).")).toBe(
    "inputs.steps darf höchstens 50 sein (und 2 weitere).",
  );
  expect(say("It ran longer than its limit of 60 seconds. It was stopped. Try fewer steps or a smaller size.")).toBe(
    "Er lief länger als seine Grenze von 60 Sekunden. Er wurde angehalten. Versuche weniger Schritte oder eine kleinere Größe.",
  );
  expect(say("You can submit 1 time a minute.")).toBe("Du kannst einmal in der Minute etwas in Auftrag geben.");
  expect(say("You can make 10 generations an hour, and have 0 left.")).toBe(
    "Du kannst in der Stunde 10 Bilder machen und hast 0 übrig.",
  );
  expect(say("A pack's own words.")).toBe("A pack's own words.");
});
