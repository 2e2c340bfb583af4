import { describe, expect, test } from "vitest";
import { EnvInvalid, envKeys, parseEnv } from "./env.ts";

const good = {
  DATABASE_URL: "postgres://localhost/darkroom",
  REDIS_URL: "redis://localhost",
  COMFYUI_URLS: "http://a:8188/, http://b:8188,http://a:8188",
  STORAGE_URL: "file:///data",
};

describe("parseEnv", () => {
  test("servers are listed once each, without a trailing slash, and the rest has its defaults", () => {
    expect(parseEnv(good)).toMatchObject({
      COMFYUI_URLS: ["http://a:8188", "http://b:8188"],
      BACKEND_CONCURRENCY: 1,
      JOB_TIMEOUT_SECONDS: 600,
      LEASE_SECONDS: 10,
    });
  });

  test.each([
    ["COMFYUI_URLS", "a:8188", "http(s) URLs"],
    ["COMFYUI_URLS", " , ", "at least one"],
    ["BACKEND_CONCURRENCY", "0", ">=1"],
    ["WORKER_PORT", "70000", "<=65535"],
    ["DATABASE_URL", "mysql://x", "postgres://"],
    ["LEASE_SECONDS", "soon", "number"],
    ["REDIS_URL", "", "required"],
  ])("%s=%s names itself and its rule", (key, value, rule) => {
    const run = (): unknown => parseEnv({ ...good, [key]: value });
    expect(run).toThrow(EnvInvalid);
    expect(run).toThrow(key);
    expect(run).toThrow(rule);
  });

  test.each([
    [{}, "/.darkroom/storage"],
    [{ DATA_DIR: "/data", STORAGE_URL: "" }, "/data/storage"],
  ])("files are kept beside the data unless it is said where, as the web process does (%o)", (given, folder) => {
    const { STORAGE_URL: _, ...rest } = good;
    expect(parseEnv({ ...rest, ...given }).STORAGE_URL).toMatch(new RegExp(`^file://.*${folder}$`));
  });

  test("what only npm start brings is asked for with that", () => {
    expect(() => parseEnv({ ...good, REDIS_URL: undefined })).toThrow(
      "REDIS_URL is required: only npm start brings what is not set",
    );
  });

  test("a bad value is not repeated: it may hold a password", () => {
    expect(() => parseEnv({ ...good, DATABASE_URL: "mysql://u:secret@x" })).toThrow(/^((?!secret).)*$/s);
  });

  test("the variables that are read are listed", () => {
    expect(envKeys).toContain("COMFYUI_URLS");
  });
});
