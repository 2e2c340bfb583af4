import { z } from "zod";
import { named, time } from "./components.ts";

export const systemInfo = named(
  "System",
  z.object({
    name: z.literal("darkroom"),
    version: z.string(),
    backends: z.object({ live: z.int(), known: z.int() }),
    simulator: z.boolean(),
    paused: z.boolean(),
    notice: z.object({ message: z.string(), since: time }).nullable().describe("What operators tell everyone now."),
    entrances: z.object({
      guests: z.boolean(),
      signUp: z.boolean(),
      accounts: z.boolean(),
      gallery: z.boolean(),
    }),
    signIn: z.object({ mail: z.boolean(), provider: z.string().nullable() }),
    push: z.object({ publicKey: z.string() }).describe("By which browsers know the messages of this installation."),
    maxFileBytes: z.object({ image: z.int(), video: z.int(), audio: z.int(), "3d": z.int() }),
  }),
);
export const pong = named("Pong", z.object({ message: z.string(), echo: z.string().nullable(), at: time }));
