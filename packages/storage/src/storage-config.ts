import { fileURLToPath } from "node:url";
import { StorageMisconfigured } from "./storage.ts";

/** Where files are kept. */
export type StorageConfig = { readonly type: "disk"; readonly folder: string } | S3Config;

export interface S3Config {
  readonly type: "s3";
  readonly bucket: string;
  /** Before every key; empty, or ends with a slash. */
  readonly prefix: string;
  /** Without a slash at its end; null for Amazon's own. */
  readonly endpoint: string | null;
  readonly region: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
}

/** The variables that say where files are kept, by the names that every S3 tool reads. */
export interface StorageVariables {
  readonly STORAGE_URL: string;
  readonly AWS_ENDPOINT_URL_S3?: string | undefined;
  readonly AWS_REGION?: string | undefined;
  readonly AWS_ACCESS_KEY_ID?: string | undefined;
  readonly AWS_SECRET_ACCESS_KEY?: string | undefined;
  readonly AWS_SESSION_TOKEN?: string | undefined;
}

/** The line that {@link parseStorageConfig} throws; null if there is nothing to say. */
export function storageProblem(variables: StorageVariables): string | null {
  try {
    parseStorageConfig(variables);
    return null;
  } catch (error) {
    if (error instanceof StorageMisconfigured) return error.message;
    throw error;
  }
}

/**
 * Reads `file:///folder` and `s3://bucket/prefix?endpoint=https://…&region=…`; what the URL does not say, the AWS
 * variables do. Throws {@link StorageMisconfigured}: one line that names the variable and its rule, and no value.
 */
export function parseStorageConfig(variables: StorageVariables): StorageConfig {
  const { STORAGE_URL } = variables;
  const url = URL.canParse(STORAGE_URL) ? new URL(STORAGE_URL) : null;
  if (url?.protocol === "file:" && url.host === "") return { type: "disk", folder: fileURLToPath(url) };
  if (url?.protocol !== "s3:")
    throw new StorageMisconfigured("STORAGE_URL: must be file:///folder or s3://bucket/prefix");
  const bucket = url.host;
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket) || url.username !== "")
    throw new StorageMisconfigured("STORAGE_URL: must name a bucket, and no credentials, as in s3://bucket/prefix");
  const prefix = url.pathname.split("/").filter(Boolean).join("/");
  if (!/^[A-Za-z0-9._/-]*$/.test(prefix))
    throw new StorageMisconfigured("STORAGE_URL: the prefix may have letters, digits and . _ / - only");
  const unknown = [...url.searchParams.keys()].find((key) => key !== "endpoint" && key !== "region");
  if (unknown !== undefined)
    throw new StorageMisconfigured(`STORAGE_URL: takes endpoint and region after its "?", not ${unknown}`);
  const required = (name: "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY"): string => {
    const value = variables[name];
    if (value === undefined) throw new StorageMisconfigured(`${name}: is required by an s3: STORAGE_URL`);
    return value;
  };
  return {
    type: "s3",
    bucket,
    prefix: prefix === "" ? "" : `${prefix}/`,
    endpoint: endpointOf(url.searchParams.get("endpoint"), variables.AWS_ENDPOINT_URL_S3),
    region: url.searchParams.get("region") ?? variables.AWS_REGION ?? "us-east-1",
    credentials: {
      accessKeyId: required("AWS_ACCESS_KEY_ID"),
      secretAccessKey: required("AWS_SECRET_ACCESS_KEY"),
      ...(variables.AWS_SESSION_TOKEN !== undefined && { sessionToken: variables.AWS_SESSION_TOKEN }),
    },
  };
}

function endpointOf(ofUrl: string | null, ofEnvironment: string | undefined): string | null {
  const endpoint = ofUrl ?? ofEnvironment ?? null;
  if (endpoint === null) return null;
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol)) {
    const name = ofUrl === null ? "AWS_ENDPOINT_URL_S3:" : "STORAGE_URL: its endpoint";
    throw new StorageMisconfigured(`${name} must be an http or https URL`);
  }
  return endpoint.replace(/\/+$/, "");
}
