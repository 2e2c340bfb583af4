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
  [{ PUBLIC_URL: "https://ada:secret@pictures.example", AUTH_SECRET }, /^PUBLIC_URL: must be an origin/],
  [{ OIDC_ISSUER: "https://login.example" }, /^OIDC_CLIENT_ID: is required with OIDC_ISSUER/],
  [{ OIDC_ISSUER: "http://login.example", OIDC_CLIENT_ID: "d" }, /^OIDC_ISSUER: must be https/],
  [{ SMTP_URL: "mail.example:25" }, /^SMTP_URL: must be a URL that begins with smtp:\/\/ or smtps:\/\//],
  ...["0", "ten", "10,guest", "10,guest=0", "10,blocked=1", "10,guest=1,guest=2", "guest=5"].map(
    (given): [Record<string, string>, RegExp] => [
      { SUBMITS_PER_MINUTE: given },
      /^SUBMITS_PER_MINUTE: must be a whole number from 1 to 1000000, and after it others of guest, member, operator, admin, as in 10,guest=5/,
    ],
  ),
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
  { OIDC_ISSUER: "http://localhost:9000", OIDC_CLIENT_ID: "d" },
  { DARKROOM_FAILPOINT: "submit.committed:crash", DARKROOM_ALLOW_FAILPOINTS: "true" },
])("%j may start", (given) => {
  expect(read(given)).not.toThrow();
});

test("a client that is gone without a word is noticed within 30 s, before a proxy cuts what is idle", () => {
  const { SOCKET_PING_SECONDS, SOCKET_TIMEOUT_SECONDS } = read({})();
  expect(SOCKET_PING_SECONDS + SOCKET_TIMEOUT_SECONDS).toBeLessThan(30);
});
