import type { Limits, Services } from "@darkroom/api";
import type { MailOptions, Provider } from "@darkroom/auth";
import { type FileLimits, MAX_PICTURE_BYTES, type Role } from "@darkroom/contracts";
import { EVENT_DAYS, type UploadLimits } from "@darkroom/db";
import type { PerRole, WebEnvironment } from "./env.ts";

// The environment in the words of the parts that are made of it.

const MEGABYTE = 1024 ** 2;

/** What one owner of a role, and all guests of one address, may ask for. */
export const limitsOf =
  (env: WebEnvironment) =>
  (role: Role): Limits => {
    const of = ({ everybody, roles }: PerRole): number => roles[role] ?? everybody;
    return {
      submitsPerMinute: of(env.SUBMITS_PER_MINUTE),
      generationsPerHour: of(env.GENERATIONS_PER_HOUR),
      maxWaitingPerOwner: of(env.MAX_WAITING_PER_OWNER),
      maxWaiting: env.MAX_WAITING,
      storedBytesPerOwner: storedBytesOf(env),
    };
  };

/** How large a file of each kind may be, in bytes. */
export const fileLimitsOf = (env: WebEnvironment): FileLimits => ({
  image: MAX_PICTURE_BYTES,
  video: env.UPLOAD_MB_PER_VIDEO * MEGABYTE,
  audio: env.UPLOAD_MB_PER_AUDIO * MEGABYTE,
  "3d": env.UPLOAD_MB_PER_3D * MEGABYTE,
});

/** How much of what was sent is kept, and for how long. */
export const uploadLimitsOf = (env: WebEnvironment): UploadLimits => ({
  bytesPerOwner: env.UPLOAD_MB_PER_OWNER * MEGABYTE,
  bytesPerAddress: env.UPLOAD_MB_PER_ADDRESS * MEGABYTE,
  storedBytesPerOwner: storedBytesOf(env),
  days: env.UPLOAD_DAYS,
});

const storedBytesOf = ({ STORAGE_MB_PER_OWNER: most }: WebEnvironment): number | null =>
  most === undefined ? null : most * MEGABYTE;

/** The most days that operators may keep things. */
export const retentionDaysOf = (env: WebEnvironment): Services["retentionDays"] => ({
  jobs: env.HISTORY_DAYS ?? null,
  outputs: null,
  uploads: env.UPLOAD_DAYS,
  events: EVENT_DAYS,
});

/** How mail is sent; null: it is not. */
export function mailOf(env: WebEnvironment): Pick<MailOptions, "url" | "from"> | null {
  if (env.SMTP_URL === undefined) return null;
  const { hostname } = new URL(env.allowedOrigins[0] ?? "http://localhost");
  return { url: env.SMTP_URL, from: env.MAIL_FROM ?? `Darkroom <no-reply@${hostname}>` };
}

/** Where people sign in instead of with a password here; null: nowhere. */
export function providerOf(env: WebEnvironment): Provider | null {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret = null } = env;
  return issuer === undefined || clientId === undefined
    ? null
    : { issuer, clientId, clientSecret, name: env.OIDC_NAME };
}
