import { z } from "zod";
import { named } from "./components.ts";

const row = z.object({
  ownerId: z.string(),
  ownerName: z.string().nullable(),
  apiKeyId: z.string().nullable(),
  apiKeyName: z.string().nullable(),
  succeeded: z.int(),
  failed: z.int(),
  canceled: z.int(),
  gpuSeconds: z.number(),
  outputs: z.int(),
  outputBytes: z.int(),
  uploads: z.int(),
  uploadBytes: z.int(),
  storedBytes: z.int(),
});
export const usagePage = named(
  "UsagePage",
  z.object({ from: z.iso.date(), to: z.iso.date(), items: z.array(row), nextCursor: z.string().nullable() }),
);
