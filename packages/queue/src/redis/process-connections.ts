import { createRedis, isLoginRefused, type Redis } from "./client.ts";
import { type ConnectionHealth, timeCommands, unsuitable, watchConnection } from "./connection-health.ts";

/** A process' connections to Redis. Both reconnect for ever; the caller closes each with `disconnect()`. */
export interface ProcessConnections {
  readonly commands: Redis;
  readonly subscriber: Redis;
  readonly health: { commands(): ConnectionHealth; subscriber(): ConnectionHealth };
}

export interface ProcessConnectionsOptions {
  /** Shown in `CLIENT LIST`, with the role: `darkroom-web`. */
  readonly name: string;
  /** Every connection error, see `createRedis`. */
  readonly onError: (error: Error) => void;
  /** How long each command took, in milliseconds. */
  readonly onAnswer: (ms: number) => void;
  /** Told what makes the address of no use, in words for whoever set it: the process had better end. */
  readonly refuse: (reason: string) => void;
}

/** Opens a process' two connections to the Redis at `url`, and finds out whether Darkroom can work with what answers there. */
export function connectProcess(
  url: string,
  { name, onError, onAnswer, refuse }: ProcessConnectionsOptions,
): ProcessConnections {
  let wasReady = false;
  const onConnectionError = (error: Error): void => {
    // Before the first success it is a mistake in the settings; later the password may be changing on both sides.
    if (!wasReady && isLoginRefused(error)) refuse(`Redis refuses its user or password (${error.message})`);
    onError(error);
  };
  const open = (role: "commands" | "subscriber"): Redis =>
    createRedis(url, { role, onError: onConnectionError, connectionName: `${name}-${role}` });
  const commands = open("commands");
  commands.on("ready", () => {
    wasReady = true;
    void askUntilAnswered(commands).then((reason) => reason !== null && refuse(`what answers there ${reason}`));
  });
  const subscriber = open("subscriber");
  timeCommands(commands, onAnswer);
  return {
    commands,
    subscriber,
    health: { commands: watchConnection(commands), subscriber: watchConnection(subscriber) },
  };
}

/**
 * Why Darkroom cannot work with what answers there; null if it can, or if it is gone: whoever answers next is asked, too. A process that
 * is busy with its start may read the answer after the command's time is over.
 */
async function askUntilAnswered(commands: Redis): Promise<string | null> {
  while (commands.status === "ready") {
    try {
      return await unsuitable(commands);
    } catch (error) {
      if (!isTimeout(error)) return null;
    }
  }
  return null;
}

/** ioredis has only words for it. */
const isTimeout = (error: unknown): boolean => error instanceof Error && error.message === "Command timed out";
