/** A group of Redis servers of which Sentinels know the primary. */
export interface SentinelAddress {
  readonly sentinels: readonly { readonly host: string; readonly port: number }[];
  /** What the Sentinels call the group. */
  readonly name: string;
  readonly username: string | null;
  readonly password: string | null;
  readonly database: number;
  /** Of the Sentinels themselves. */
  readonly sentinelPassword: string | null;
  /** For the servers and the Sentinels alike. */
  readonly isSecure: boolean;
}

/** What a `REDIS_URL` may be. */
export const REDIS_URL_RULE =
  "must be redis:// or rediss:// with a host, or redis+sentinel://host:26379,host:26379/name-of-the-group";

const SENTINEL_PORT = 26_379;

/** True for an address that `createRedis` takes. */
export function isRedisUrl(text: string): boolean {
  if (/^rediss?:\/\//.test(text)) return URL.canParse(text);
  return sentinelAddress(text) !== null;
}

/**
 * Reads `redis+sentinel://user:password@host:port,host:port/name/database?sentinelPassword=…` (`rediss+sentinel` with TLS),
 * of which all but one host and the name may be left out. Null for anything else.
 */
export function sentinelAddress(text: string): SentinelAddress | null {
  const [, secure, login, hosts = "", name = "", database = "0", query] =
    /^redis(s?)\+sentinel:\/\/(?:([^@/]*)@)?([^@/?]+)\/([^/?]+)(?:\/(\d{1,4}))?(?:\?(.*))?$/.exec(text) ?? [];
  const sentinels = hosts.split(",").map(hostAndPort);
  if (name === "" || sentinels.some((one) => one === null)) return null;
  if (/%(?![\da-f]{2})/i.test(`${login}${name}`)) return null;
  const [username = "", ...password] = login?.split(":") ?? [];
  return {
    sentinels: sentinels.filter((one) => one !== null),
    name: decodeURIComponent(name),
    username: decodeURIComponent(username) || null,
    password: decodeURIComponent(password.join(":")) || null,
    database: Number(database),
    sentinelPassword: new URLSearchParams(query).get("sentinelPassword"),
    isSecure: secure === "s",
  };
}

/** The address as it may be shown: without passwords. */
export function shownRedisUrl(text: string): string {
  return text
    .replace(/^([a-z+]+:\/\/)(?:([^:@/]*):[^@/]*@)?/, (_, scheme, user) => (user ? `${scheme}${user}@` : scheme))
    .replace(/\?.*$/, "");
}

function hostAndPort(text: string): { host: string; port: number } | null {
  if (!URL.canParse(`redis://${text}`)) return null;
  const { hostname, port } = new URL(`redis://${text}`);
  return hostname === "" ? null : { host: hostname.replace(/^\[|\]$/g, ""), port: Number(port || SENTINEL_PORT) };
}
