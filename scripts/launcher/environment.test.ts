import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseEnv } from "node:util";
import { expect, test } from "vitest";
import { readEnvironment as readWebEnvironment } from "../../apps/web/src/server/env.ts";
import { parseEnv as parseWorkerEnvironment } from "../../apps/worker/src/env.ts";
import { readEnv as readSimulatorEnvironment } from "../../packages/simulator/src/env.ts";
import { projectKeys, readLauncherEnvironment, withoutEmpty } from "./environment.ts";

const root = resolve(import.meta.dirname, "../..");
const example = { ...parseEnv(readFileSync(resolve(root, ".env.example"), "utf8")) };
const services = {
  DATABASE_URL: "postgres://127.0.0.1/x",
  REDIS_URL: "redis://127.0.0.1",
  COMFYUI_URLS: "http://127.0.0.1:8188",
  STORAGE_URL: "file:///x",
};

test(".env.example names every variable of the project and no other", () => {
  expect(Object.keys(example).sort()).toEqual([...projectKeys].sort());
});

test("README names every variable but the simulator's own and those of tests, which pages of their own name", () => {
  const readme = readFileSync(resolve(root, "README.md"), "utf8");
  const elsewhere = /^(SIMULATOR_|NODE_ENV$|DARKROOM_)/;
  expect(projectKeys.filter((key) => !elsewhere.test(key) && !readme.includes(`\`${key}\``))).toEqual([]);
});

test("the values in .env.example are the defaults", () => {
  const written = { ...withoutEmpty(example), ...services };
  expect(readWebEnvironment(written)).toEqual(readWebEnvironment(services));
  expect(parseWorkerEnvironment(written)).toEqual(parseWorkerEnvironment(services));
  expect(readSimulatorEnvironment(written)).toEqual(readSimulatorEnvironment({}));
  expect(readLauncherEnvironment(example, root)).toEqual(readLauncherEnvironment({}, root));
});

test("an empty variable counts as not set", () => {
  expect(readLauncherEnvironment({ PORT: "", DATABASE_URL: "" }, root)).toMatchObject({
    port: 3000,
    databaseUrl: null,
  });
});

test("a relative DATA_DIR is taken from the checkout", () => {
  expect(readLauncherEnvironment({ DATA_DIR: "data" }, root).dataDir).toBe(resolve(root, "data"));
});
