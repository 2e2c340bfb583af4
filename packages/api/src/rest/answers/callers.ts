import { apiKeyScopes, roles } from "@darkroom/contracts";
import { z } from "zod";
import { named, pageOf, time } from "./components.ts";

const scopes = z.array(z.enum(apiKeyScopes));
const apiKey = {
  apiKeyId: z.string(),
  name: z.string(),
  prefix: z.string(),
  scopes,
  createdAt: time,
  lastUsedAt: time.nullable(),
  revokedAt: time.nullable(),
};
export const apiKeyPage = pageOf("ApiKeyPage", z.object(apiKey));
export const createdApiKey = named("CreatedApiKey", z.object({ ...apiKey, key: z.string() }));
export const revokedApiKey = named("RevokedApiKey", z.object({ apiKeyId: z.string(), revoked: z.literal(true) }));

export const session = named(
  "Session",
  z.object({
    kind: z.enum(["guest", "account", "apiKey"]),
    ownerId: z.string(),
    role: z.enum(roles),
    displayName: z.string().nullable(),
    scopes,
    isNew: z.boolean(),
    limits: z.object({ submitsPerMinute: z.int(), generationsPerHour: z.int(), maxWaitingPerOwner: z.int() }),
  }),
);
const limitUsage = z.object({ used: z.int(), most: z.int() });
export const accountUsage = named(
  "Usage",
  z.object({
    submitsPerMinute: limitUsage,
    generationsPerHour: limitUsage,
    waiting: limitUsage,
    storedBytes: z.object({ used: z.int(), most: z.int().nullable() }),
  }),
);
export const accountExport = named("Export", z.object({ url: z.string() }));
export const removedAccount = named("RemovedAccount", z.object({ ownerId: z.string(), removed: z.literal(true) }));
