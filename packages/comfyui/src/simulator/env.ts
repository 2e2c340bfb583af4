import { z } from "zod";

const envSchema = z.object({
  SIMULATOR_PORT: z.coerce.number().int().min(0).max(65535).default(8188),
  /** Where input, output and temp live; unset: a temporary folder. */
  SIMULATOR_DIR: z.string().min(1).optional(),
  /** Divides every wait, and with it the time a job takes. */
  SIMULATOR_SPEED: z.coerce.number().positive().default(1),
  /** Where the ledger of all prompts is appended to, for auditors; unset: it is kept in memory alone. */
  SIMULATOR_LEDGER: z.string().min(1).optional(),
});

/** The settings of the simulator's process. Throws an error that names the bad variable and its rule. */
export function readEnv(source: NodeJS.ProcessEnv = process.env): z.infer<typeof envSchema> {
  const parsed = envSchema.safeParse(source);
  if (parsed.success) return parsed.data;
  const reasons = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new Error(reasons.join("; "));
}
