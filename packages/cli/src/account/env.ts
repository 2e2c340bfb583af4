import { homedir } from "node:os";
import { join } from "node:path";

/** What the environment says; a command's options come before it, the config file after it. */
export interface Environment {
  readonly url: string | undefined;
  readonly apiKey: string | undefined;
  readonly email: string | undefined;
  readonly password: string | undefined;
  readonly configPath: string;
}

export function readEnvironment(env = process.env): Environment {
  const { DARKROOM_URL, DARKROOM_API_KEY, DARKROOM_EMAIL, DARKROOM_PASSWORD, DARKROOM_CONFIG, XDG_CONFIG_HOME } = env;
  return {
    url: DARKROOM_URL || undefined,
    apiKey: DARKROOM_API_KEY || undefined,
    email: DARKROOM_EMAIL || undefined,
    password: DARKROOM_PASSWORD || undefined,
    configPath: DARKROOM_CONFIG || join(XDG_CONFIG_HOME || join(homedir(), ".config"), "darkroom", "config.json"),
  };
}
