import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCertificate } from "@darkroom/fault-proxy";
import { describe, expect, test } from "vitest";
import { EnvInvalid, parseEnv } from "./env.ts";

const { ca, client, key: otherKey } = await createCertificate();

/** The environment of a worker whose file of access holds that. */
function setup(content: unknown, urls = "https://gpu-1/comfy/,http://gpu-2:8188") {
  const folder = mkdtempSync(join(tmpdir(), "darkroom-access-"));
  const file = join(folder, "access.json");
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  writeFileSync(join(folder, "ca.pem"), ca);
  writeFileSync(join(folder, "us.pem"), client.cert);
  writeFileSync(join(folder, "us.key"), client.key);
  writeFileSync(join(folder, "other.key"), otherKey);
  writeFileSync(join(folder, "no-ca.pem"), "hello");
  return {
    DATABASE_URL: "postgres://localhost/darkroom",
    REDIS_URL: "redis://localhost",
    COMFYUI_URLS: urls,
    COMFYUI_ACCESS_FILE: file,
  };
}

describe("what a ComfyUI server wants of its callers", () => {
  test("is a user in its URL, and nothing that is made of the URL later holds it", () => {
    const { COMFYUI_ACCESS_FILE: _, ...rest } = setup({});
    const env = parseEnv({ ...rest, COMFYUI_URLS: "https://me:p%40ss@gpu-1/comfy/,http://gpu-2:8188" });
    expect(env.COMFYUI_URLS).toEqual(["https://gpu-1/comfy", "http://gpu-2:8188"]);
    const Authorization = `Basic ${Buffer.from("me:p@ss").toString("base64")}`;
    expect(env.comfyuiAccess.get("https://gpu-1/comfy")).toEqual({
      headers: { Authorization },
      ca: null,
      client: null,
    });
    expect(env.comfyuiAccess.get("http://gpu-2:8188")).toEqual({ headers: {}, ca: null, client: null });
  });

  test("is a token, a password, other headers, an authority and a certificate of ours of the file, each for its own server", () => {
    const { comfyuiAccess } = parseEnv(
      setup({
        "https://gpu-1/comfy": {
          bearer: "token",
          headers: { "X-Tenant": "us" },
          ca: "ca.pem",
          cert: "us.pem",
          key: "us.key",
        },
        "http://gpu-2:8188/": { basic: "me:pass" },
      }),
    );
    expect(comfyuiAccess.get("https://gpu-1/comfy")).toEqual({
      headers: { "X-Tenant": "us", Authorization: "Bearer token" },
      ca,
      client,
    });
    expect(comfyuiAccess.get("http://gpu-2:8188")?.headers).toEqual({
      Authorization: `Basic ${Buffer.from("me:pass").toString("base64")}`,
    });
  });

  test.each<[string, unknown, string, string?]>([
    ["is no JSON", "{ secret", "is not JSON"],
    ["has another server", { "http://gpu-3": { bearer: "secret" } }, "COMFYUI_URLS does not name"],
    ["has another field", { "http://gpu-2:8188": { token: "secret" } }, 'gpu-2:8188: Unrecognized key: "token"'],
    ["has a password without a user", { "http://gpu-2:8188": { basic: "secret" } }, "basic: must be user:password"],
    ["has two ways", { "http://gpu-2:8188": { basic: "a:secret", bearer: "secret" } }, "basic and bearer"],
    [
      "has a way beside that of the URL",
      { "http://gpu-2:8188": { headers: { authorization: "secret" } } },
      "the user in its URL and authorization",
      "http://me:secret@gpu-2:8188",
    ],
    ["has a header of two lines", { "http://gpu-2:8188": { headers: { "X-A": "secret\n" } } }, '"X-A" is no header'],
    [
      "has a token of two lines",
      { "http://gpu-2:8188": { bearer: "secret\n" } },
      "gpu-2:8188 → bearer: cannot be sent",
    ],
    ["names a server with its password", { "http://me:secret@gpu-2:8188": { bearer: 5 } }, "//gpu-2:8188 → bearer: "],
    ["has an authority without TLS", { "http://gpu-2:8188": { ca: "ca.pem" } }, "is for https only"],
    [
      "has a certificate without TLS",
      { "http://gpu-2:8188": { cert: "us.pem", key: "us.key" } },
      "cert: is for https only",
    ],
    ["has a certificate without its key", { "https://gpu-1/comfy": { cert: "us.pem" } }, "key: is required with cert"],
    ["has a key without its certificate", { "https://gpu-1/comfy": { key: "us.key" } }, "cert: is required with key"],
    ["has another's key", { "https://gpu-1/comfy": { cert: "us.pem", key: "other.key" } }, "key: is not that of cert"],
    [
      "has no key in the file",
      { "https://gpu-1/comfy": { cert: "us.pem", key: "us.pem" } },
      "holds no private key in PEM",
    ],
    ["names no certificate", { "https://gpu-1/comfy": { ca: "no-ca.pem" } }, "holds no certificate in PEM"],
    ["names a file that is not there", { "https://gpu-1/comfy": { ca: "nowhere.pem" } }, "cannot be read"],
  ])("a file that %s ends the start with its rule, and no value is repeated", (_name, content, rule, urls) => {
    const run = (): unknown => parseEnv(setup(content, urls));
    expect(run).toThrow(EnvInvalid);
    expect(run).toThrow(/^COMFYUI_ACCESS_FILE: /);
    expect(run).toThrow(rule);
    expect(run).not.toThrow("secret");
    expect(run).not.toThrow("PRIVATE KEY");
  });

  test("a URL that is none is told by its place, because it may hold a password", () => {
    const run = (): unknown => parseEnv(setup({}, "http://gpu-1,me:secret@gpu-2"));
    expect(run).toThrow("COMFYUI_URLS: must be http(s) URLs without a query, separated by commas; number 2 is not one");
    // A % in a password that was not written as %25.
    expect(() => parseEnv(setup({}, "http://me:50%secret@gpu-1"))).toThrow("number 1 is not one");
  });
});
