import { z } from "zod";
import { simulatedVersions } from "./protocol/dialect.ts";

const wait = z.coerce.number().min(0);

const envSchema = z.object({
  SIMULATOR_HOST: z.string().min(1).default("127.0.0.1"),
  SIMULATOR_PORT: z.coerce.number().int().min(0).max(65535).default(8188),
  /** Whose traffic it speaks. */
  SIMULATOR_VERSION: z.enum(simulatedVersions).default("0.33.0"),
  /** Divides every wait, and with it the time a job takes. */
  SIMULATOR_SPEED: z.coerce.number().positive().default(1),
  /** One sampling step, in milliseconds at speed 1. */
  SIMULATOR_STEP_MS: wait.default(200),
  /** Loading a model that is not in memory, in milliseconds at speed 1. */
  SIMULATOR_LOAD_MS: wait.default(600),
  /** What the server picks by chance is picked alike every time; unset: it is not. */
  SIMULATOR_SEED: z.coerce.number().int().min(0).optional(),
  /** `virtual`: time passes only while a node waits, and then at once, from the same moment at every start. */
  SIMULATOR_CLOCK: z.enum(["real", "virtual"]).default("real"),
  /** Where input, output and temp live; unset: a temporary folder. */
  SIMULATOR_DIR: z.string().min(1).optional(),
  /** Where the ledger of all prompts is appended to, for auditors; unset: it is kept in memory alone. */
  SIMULATOR_LEDGER: z.string().min(1).optional(),
});

export const envKeys: readonly string[] = Object.keys(envSchema.shape);

/** The settings of the simulator's process; an empty one is not set. Throws an error that names the bad variable and its rule. */
export function readEnv(source: NodeJS.ProcessEnv = process.env): z.infer<typeof envSchema> {
  const given = Object.fromEntries(envKeys.flatMap((key) => (source[key] ? [[key, source[key]]] : [])));
  const parsed = envSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const reasons = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new Error(reasons.join("; "));
}
