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
    unsuitable(commands).then(
      (reason) => reason !== null && refuse(`what answers there ${reason}`),
      () => undefined,
    );
  });
  const subscriber = open("subscriber");
  timeCommands(commands, onAnswer);
  return {
    commands,
    subscriber,
    health: { commands: watchConnection(commands), subscriber: watchConnection(subscriber) },
  };
}
