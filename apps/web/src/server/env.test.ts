import { expect, test } from "vitest";
import { readEnvironment } from "./env.ts";

const services = {
  NODE_ENV: "production" as const,
  DATABASE_URL: "postgres://127.0.0.1/x",
  REDIS_URL: "redis://127.0.0.1",
};
const AUTH_SECRET = "x".repeat(32);
const read = (given: Record<string, string>) => () => readEnvironment({ ...services, ...given });

test.each<[Record<string, string>, RegExp]>([
  [{ HOST: "0.0.0.0" }, /^AUTH_SECRET: /],
  [{ HOST: "192.168.0.7" }, /^AUTH_SECRET: /],
  [{ PUBLIC_URL: "https://pictures.example" }, /^AUTH_SECRET: /],
  [{ PUBLIC_URL: "http://pictures.example", AUTH_SECRET }, /^PUBLIC_URL: must be https.*ALLOW_INSECURE_HTTP/],
  [{ PUBLIC_URL: "https://pictures.example/app", AUTH_SECRET }, /^PUBLIC_URL: .*without a path/],
  [{ PUBLIC_URL: "https://pictures.example/?a=b", AUTH_SECRET }, /^PUBLIC_URL: .*without a path/],
  [{ DARKROOM_FAILPOINT: "submit.committed:crash" }, /^DARKROOM_FAILPOINT: .*DARKROOM_ALLOW_FAILPOINTS/],
])("%j refuses to start with one line that names the setting", (given, line) => {
  expect(read(given)).toThrow(line);
});

test.each<Record<string, string>>([
  {},
  { HOST: "::1", PUBLIC_URL: "http://localhost:8080" },
  { HOST: "0.0.0.0", AUTH_SECRET },
  { PUBLIC_URL: "https://pictures.example/", AUTH_SECRET },
  { PUBLIC_URL: "http://pictures.example", AUTH_SECRET, ALLOW_INSECURE_HTTP: "true" },
  { DARKROOM_FAILPOINT: "submit.committed:crash", DARKROOM_ALLOW_FAILPOINTS: "true" },
])("%j may start", (given) => {
  expect(read(given)).not.toThrow();
});
