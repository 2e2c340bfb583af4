import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { validateHeaderName, validateHeaderValue } from "node:http";
import { dirname, resolve } from "node:path";
import type { ComfyAccess } from "@darkroom/comfyui";
import { z } from "zod";

const text = z.string().min(1);
/** What one server wants: at most one way to say who calls, any other headers, the authority of its certificate, and ours with its key. */
const entrySchema = z.strictObject({
  basic: text.regex(/^[^:]+:/, "must be user:password").optional(),
  bearer: text.optional(),
  headers: z.record(z.string(), text).optional(),
  ca: text.optional(),
  cert: text.optional(),
  key: text.optional(),
});
const fileSchema = z.record(z.string(), entrySchema);

/** What the settings say of one server, before any file. */
export interface NamedServer {
  /** Without credentials and without a trailing slash. */
  readonly url: string;
  /** `user:password` of its URL, decoded; null without. */
  readonly basic: string | null;
}

/**
 * What each server of `COMFYUI_URLS` wants of its callers, by its URL: from the URL itself, and from the file of
 * `COMFYUI_ACCESS_FILE`. Throws an error of one line; it names server, field and rule, and never a value.
 */
export function readAccess(
  servers: readonly NamedServer[],
  path: string | undefined,
): ReadonlyMap<string, ComfyAccess> {
  const entries = path === undefined ? {} : readEntries(path);
  const urls = new Map(Object.entries(entries).map(([name, entry]) => [name.replace(/\/+$/, ""), entry]));
  for (const url of urls.keys())
    if (!servers.some((server) => server.url === url)) throw new Error(`has a server that COMFYUI_URLS does not name`);
  return new Map(
    servers.map(({ url, basic }) => {
      const entry = urls.get(url) ?? {};
      const files = { ca: caOf(url, path ?? "", entry), client: clientOf(url, path ?? "", entry) };
      return [url, { headers: headersOf(url, basic, entry), ...files }];
    }),
  );
}

function readEntries(path: string): z.infer<typeof fileSchema> {
  let raw: unknown;
  try {
    raw = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error;
    throw new Error(isMissing ? `${path} cannot be read (${error.code})` : `${path} is not JSON`);
  }
  const parsed = fileSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const { path: at = [], message } = parsed.error.issues[0] ?? {};
  // The name of a server may hold a password.
  const place = at
    .map(String)
    .join(" → ")
    .replace(/\/\/[^/]*@/, "//");
  throw new Error(`${path}: ${place}: ${message}`);
}

function headersOf(url: string, inUrl: string | null, entry: z.infer<typeof entrySchema>): ComfyAccess["headers"] {
  const { basic = inUrl, bearer, headers = {} } = entry;
  for (const [name, value] of Object.entries(headers)) {
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    } catch {
      throw new Error(`${url} → headers: "${name}" is no header that can be sent`);
    }
  }
  if (bearer !== undefined && !isSendable(bearer)) throw new Error(`${url} → bearer: cannot be sent in a header`);
  const ways = [
    ...(inUrl !== null ? ["the user in its URL"] : []),
    ...(entry.basic !== undefined ? ["basic"] : []),
    ...(bearer !== undefined ? ["bearer"] : []),
    ...Object.keys(headers).filter((name) => name.toLowerCase() === "authorization"),
  ];
  if (ways.length > 1) throw new Error(`${url}: ${ways.join(" and ")} say who calls; keep one of them`);
  return {
    ...headers,
    ...(basic !== null && { Authorization: `Basic ${Buffer.from(basic).toString("base64")}` }),
    ...(bearer !== undefined && { Authorization: `Bearer ${bearer}` }),
  };
}

function isSendable(value: string): boolean {
  try {
    validateHeaderValue("Authorization", value);
    return true;
  } catch {
    return false;
  }
}

type Entry = z.infer<typeof entrySchema>;

function caOf(url: string, path: string, { ca }: Entry): string | null {
  return ca === undefined ? null : certificateAt(url, path, "ca", ca);
}

/** What we show a server that wants a certificate of its callers. Throws unless both are there and belong together. */
function clientOf(url: string, path: string, { cert, key }: Entry): ComfyAccess["client"] {
  if (cert === undefined && key === undefined) return null;
  if (cert === undefined) throw new Error(`${url} → cert: is required with key`);
  if (key === undefined) throw new Error(`${url} → key: is required with cert`);
  const client = { cert: certificateAt(url, path, "cert", cert), key: fileAt(url, path, "key", key) };
  let isOfCertificate: boolean;
  try {
    isOfCertificate = new X509Certificate(client.cert).checkPrivateKey(createPrivateKey(client.key));
  } catch {
    // An encrypted key comes here too. OpenSSL's own words are left out because they may repeat parts of the key.
    throw new Error(
      `${url} → key: ${resolve(dirname(path), key)} holds no private key in PEM that needs no passphrase`,
    );
  }
  if (!isOfCertificate) throw new Error(`${url} → key: is not that of cert`);
  return client;
}

function certificateAt(url: string, path: string, field: string, name: string): string {
  const pem = fileAt(url, path, field, name);
  try {
    void new X509Certificate(pem);
    return pem;
  } catch {
    throw new Error(`${url} → ${field}: ${resolve(dirname(path), name)} holds no certificate in PEM`);
  }
}

/** A relative path is beside the file that names it. */
function fileAt(url: string, path: string, field: string, name: string): string {
  if (!url.startsWith("https:")) throw new Error(`${url} → ${field}: is for https only`);
  const file = resolve(dirname(path), name);
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new Error(`${url} → ${field}: ${file} cannot be read`);
  }
}
