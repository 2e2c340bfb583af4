import { createDarkroomClient, type DarkroomClient } from "@darkroom/client";
import type { Command } from "commander";
import { readConfig } from "../account/config.ts";
import type { Environment } from "../account/env.ts";
import { type Session, signIn } from "../account/session.ts";
import { errorLines } from "../output/error-lines.ts";
import type { Terminal } from "../output/terminal.ts";
import { TIMED_OUT } from "../output/watch-job.ts";
import { UsageError } from "../usage-error.ts";

interface GlobalOptions {
  readonly url?: string;
  readonly apiKey?: string;
  readonly json: boolean;
}

/** What commands work with. */
export interface Tools {
  readonly terminal: Terminal;
  readonly env: Environment;
  readonly exit: (code: number) => void;
}

/** How a process ends that was called wrongly. */
export const USAGE = 2;

export const DEFAULT_URL = "http://localhost:3000";

/**
 * Runs a command with a client that is closed afterwards, and says what went wrong as every other door does.
 *
 * @param by Whom the command acts as: the API key, or the account that it signs in to
 */
export function run<Rest extends unknown[]>(
  { terminal, env, exit }: Tools,
  act: (
    client: DarkroomClient,
    options: GlobalOptions & { readonly url: string; readonly apiKey: string },
    ...rest: Rest
  ) => Promise<void>,
  { by = "key" }: { readonly by?: "key" | "account" } = {},
) {
  return async (...all: [...Rest, Command]): Promise<void> => {
    const command = all.at(-1) as Command;
    const rest = all.slice(0, -1) as unknown as Rest;
    const options = command.optsWithGlobals<GlobalOptions>();
    let client: DarkroomClient | null = null;
    try {
      const config = await readConfig(env.configPath);
      const url = options.url ?? env.url ?? config.url ?? DEFAULT_URL;
      if (!isAddress(url)) throw new UsageError("url", `must be an http or https address, and “${url}” is none`);
      const apiKey = (options.apiKey ?? env.apiKey ?? config.apiKey ?? "").trim();
      if (by === "key") assertKey(apiKey);
      client = createDarkroomClient({ url, apiKey });
      await act(client, { ...options, url, apiKey }, ...rest);
    } catch (error) {
      terminal.progress(null);
      exit(
        error instanceof Error && error.name === "TimeoutError" ? TIMED_OUT : error instanceof UsageError ? USAGE : 1,
      );
      for (const line of errorLines(error, options.json)) terminal.err(line);
    } finally {
      await client?.close();
    }
  };
}

/** For commands that do what keys may not. */
export const BY_ACCOUNT = { by: "account" } as const;

/** A session of the account that the environment names, or that the person types. */
export async function askSession({ terminal, env }: Tools, url: string): Promise<Session> {
  const email = env.email ?? (await terminal.ask("Email: "));
  const password = env.password ?? (await terminal.ask("Password: ", { isSecret: true }));
  return signIn(url, { email, password, askCode: () => terminal.ask("Code of your second factor: ") });
}

function assertKey(apiKey: string): void {
  if (apiKey === "")
    throw new UsageError("api-key", "is required: sign in with darkroom login, or set DARKROOM_API_KEY");
  // No other characters can be sent in a header.
  if (!/^[\x21-\x7e]+$/.test(apiKey)) throw new UsageError("api-key", "must be a key as it was shown, in one piece");
}

const isAddress = (url: string): boolean => /^https?:/.test(url) && URL.canParse(url);
