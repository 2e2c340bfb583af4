import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { projectKeys } from "../launcher/environment.ts";
import { readCopy, readDockerfile, readEnvLine } from "./dockerfile.ts";

// What can be told of the files of deploy/ without the programs that read them. The examples for proxies are run, and the steps of
// the images are done, by `pnpm test:deploy`.

const root = resolve(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const stages = readDockerfile(read("deploy/docker/Dockerfile"));
const foreign = /^(POSTGRES_\w+|NEXT_TELEMETRY_DISABLED|CI)$/;
const unknown = (keys: readonly string[]): string[] =>
  keys.filter((key) => !projectKeys.includes(key) && !foreign.test(key));

describe("the Dockerfile", () => {
  const instructions = stages.flatMap(({ name: stage, instructions }) =>
    instructions.map((instruction) => ({ stage, ...instruction })),
  );
  const of = (name: string) => instructions.filter((one) => one.name === name);

  test("copies only what is there, from stages that come before", () => {
    const names = stages.map(({ name }) => name);
    expect(stages.slice(1).filter(({ from }) => !names.includes(from))).toEqual([]);
    const faults = of("COPY").flatMap(({ stage, rest }) => {
      const { from, sources } = readCopy(rest);
      if (from !== null) return names.indexOf(from) >= 0 && names.indexOf(from) < names.indexOf(stage) ? [] : [rest];
      return sources.filter((source) => !existsSync(join(root, source)));
    });
    expect(faults).toEqual([]);
  });

  test("sets only settings that there are, and installs with the pnpm and the Node of this repository", () => {
    expect(unknown(of("ENV").flatMap(({ rest }) => Object.keys(readEnvLine(rest))))).toEqual([]);
    const { packageManager } = JSON.parse(read("package.json")) as { packageManager: string };
    expect(read("deploy/docker/Dockerfile")).toContain(`npm install --global ${packageManager}\n`);
    const [, major] = /"(\d+)\.\d+\.\d+", "24"/.exec(read("scripts/bootstrap.mjs")) ?? [];
    expect(stages[0]?.from).toBe(`node:${major}-bookworm-slim`);
  });

  test.each(["web", "worker", "simulator"])(
    "%s runs a program of ours as nobody special, and says how it is",
    (name) => {
      const stage = stages.find((one) => one.name === name);
      const last = (instruction: string) => stage?.instructions.findLast((one) => one.name === instruction)?.rest ?? "";
      expect(last("USER")).toBe("node");
      const [, file = ""] = JSON.parse(last("CMD")) as string[];
      expect(existsSync(join(root, file))).toBe(true);
      const [, port] = /http:\/\/127\.0\.0\.1:(\d+)\//.exec(last("HEALTHCHECK")) ?? [];
      expect(last("EXPOSE")).toBe(port);
      expect(last("ENV")).toContain(`PORT=${port}`);
    },
  );
});

interface ComposeService {
  image: string;
  build?: { context: string; dockerfile: string; target: string };
  command?: string[];
  environment?: Record<string, string>;
  depends_on?: Record<string, unknown>;
  volumes?: string[];
}

describe("compose.yaml", () => {
  const file = "deploy/compose/compose.yaml";
  const compose = parse(read(file), { merge: true }) as {
    services: Record<string, ComposeService>;
    volumes: Record<string, unknown>;
  };
  const services = Object.entries(compose.services);

  test("sets only settings that there are", () => {
    expect(
      services.flatMap(([name, { environment = {} }]) => unknown(Object.keys(environment)).map((key) => [name, key])),
    ).toEqual([]);
    const named = [...read(file).matchAll(/\$\{([A-Z_]+)/g)].map(([, key = ""]) => key);
    expect(unknown(named)).toEqual([]);
  });

  test("builds targets that there are, waits for services that there are, and mounts what is there", () => {
    const faults = services.flatMap(([name, { image, build, depends_on = {}, volumes = [] }]) => {
      const isBuilt = build === undefined || image === `darkroom-${build.target}`;
      const context = build && resolve(root, dirname(file), build.context);
      const isThere = build === undefined || existsSync(join(context ?? "", build.dockerfile));
      const target = build === undefined || stages.some((stage) => stage.name === build.target);
      const waits = Object.keys(depends_on).filter((other) => compose.services[other] === undefined);
      const mounts = volumes
        .map((volume) => volume.split(":")[0] ?? "")
        .filter((from) =>
          from.startsWith(".") ? !existsSync(join(root, dirname(file), from)) : !(from in compose.volumes),
        );
      return isBuilt && isThere && target && waits.length + mounts.length === 0 ? [] : [name];
    });
    expect(faults).toEqual([]);
  });

  test("runs commands of ours that there are", () => {
    const files = services.flatMap(([, { command = [] }]) => command.filter((word) => word.endsWith(".ts")));
    expect(files.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    expect(files).toHaveLength(1);
  });
});

interface Container {
  name: string;
  image: string;
  command?: string[];
  env?: { name: string }[];
  ports?: { name: string; containerPort: number }[];
  readinessProbe?: Probe;
  livenessProbe?: Probe;
  startupProbe?: Probe;
}
interface Probe {
  httpGet: { path: string; port: string };
}
interface Manifest {
  kind: string;
  spec: { template?: { spec: { containers: Container[] } } };
}

describe("the manifests", () => {
  const folder = "deploy/kustomize";
  const { resources, images } = parse(read(`${folder}/kustomization.yaml`)) as {
    resources: string[];
    images: { name: string }[];
  };
  const manifests = resources.flatMap((name) =>
    parseAllDocuments(read(`${folder}/${name}`)).map((document) => document.toJS() as Manifest),
  );
  const containers = manifests.flatMap(({ spec }) => spec.template?.spec.containers ?? []);

  test("are all named, and their images are those that are built", () => {
    const files = globSync("*.yaml", { cwd: join(root, folder) }).filter((name) => name !== "kustomization.yaml");
    expect(resources.toSorted()).toEqual(files.toSorted());
    const built = stages.map(({ name }) => `darkroom-${name}`);
    expect(
      [...images, ...containers.map(({ image }) => ({ name: image }))].filter(({ name }) => !built.includes(name)),
    ).toEqual([]);
  });

  test("set only settings that there are", () => {
    const examples = globSync("*.example", { cwd: join(root, folder) }).flatMap((name) =>
      read(`${folder}/${name}`)
        .split("\n")
        .filter(Boolean)
        .map((line) => line.split("=")[0] ?? ""),
    );
    const own = containers.flatMap(({ env = [] }) => env.map(({ name }) => name));
    expect(examples.length + own.length).toBeGreaterThan(10);
    expect(unknown([...examples, ...own])).toEqual([]);
  });

  test("probe paths that answer anybody, on ports that are open", () => {
    const table = read("apps/web/src/server/routes/table.ts");
    const anonymous = [...table.matchAll(/door: "GET (\S+)", isAnonymous: true/g)].map(([, path]) => path);
    const ofWorker = [...read("apps/worker/src/health/health.ts").matchAll(/case "(\/[a-z]+)"/g)].map(
      ([, path]) => path,
    );
    for (const { name, ports = [], ...container } of containers.filter(({ command }) => command === undefined)) {
      const probes = [container.readinessProbe, container.livenessProbe, container.startupProbe];
      expect(probes.every((probe) => probe !== undefined)).toBe(true);
      for (const probe of probes) {
        expect(name === "web" ? anonymous : ofWorker).toContain(probe?.httpGet.path);
        expect(ports.map((port) => port.name)).toContain(probe?.httpGet.port);
      }
    }
  });

  test("run commands of ours that there are", () => {
    const files = containers.flatMap(({ command = [] }) => command.slice(1));
    expect(files.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});
