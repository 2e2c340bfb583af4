import type { IncomingMessage, ServerResponse } from "node:http";
import type { Context, HttpDoor, Services } from "@darkroom/api";
import type { Auth, Identity } from "@darkroom/auth";
import type { FileLimits } from "@darkroom/contracts";
import type { Database, UploadLimits } from "@darkroom/db";
import type { Publisher, Redis } from "@darkroom/queue";
import type { Decoders, Storage, StorageState, Thumbnails } from "@darkroom/storage";
import type { Registry } from "@prometheus-io/client";
import type { Logger } from "pino";
import type { PageRequest } from "../../page-request.ts";
import type { Connections } from "../connections/connections.ts";
import type { InFlight } from "../connections/in-flight.ts";
import type { LogFailure } from "../http/log-failure.ts";
import type { createUploadRate } from "../uploads/upload-rate.ts";

/** What the routes are answered with; put together in `main.ts`. */
export interface HttpParts {
  readonly auth: Auth;
  readonly database: Database;
  readonly storage: Storage;
  /** Whether a new file can be stored. */
  readonly storageState: () => Promise<StorageState>;
  readonly decoders: Decoders;
  readonly thumbnails: Thumbnails;
  /** Whether an image may be given by its address. */
  readonly uploadsByUrl: boolean;
  /** Counts an upload, before its first byte is read. Throws RATE_LIMITED. */
  readonly admitUpload: ReturnType<typeof createUploadRate>;
  readonly uploadLimits: UploadLimits;
  /** How large a file of each kind may be, in bytes. */
  readonly fileLimits: FileLimits;
  readonly redis: Redis;
  readonly publisher: Publisher;
  readonly connections: Connections;
  /** What procedures share too. */
  readonly services: Services;
  /** Where sockets are served; null where they are switched off. */
  readonly socketPath: string | null;
  readonly inFlight: InFlight;
  /** What a visitor's address is counted by; undefined once its connection is gone. */
  readonly addressGroupOf: (request: IncomingMessage) => string | undefined;
  /** A keyed hash of that, to store; null once its connection is gone. */
  readonly addressKeyOf: (request: IncomingMessage) => string | null;
  readonly metrics: Registry;
  readonly log: Logger;
  readonly logFailure: LogFailure;
  readonly dev: boolean;
  /** Whether people reach it by https. */
  readonly isHttps: boolean;
  readonly isDraining: () => boolean;
  readonly createContext: (
    request: IncomingMessage,
    identity: Identity,
    of: Pick<Context, "signal" | "transport" | "requestId" | "connectionId" | "enter" | "answerBudget">,
  ) => Context;
  /** Answers with a page, for whom `ask` asks; null where this process serves no pages. */
  readonly pages:
    | ((request: IncomingMessage, response: ServerResponse, ask: PageRequest["ask"]) => Promise<void>)
    | null;
}

/** One request and its answer. */
export interface AnonymousExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  /** In the answer's header, in its error, and in every line of log about it. */
  readonly requestId: string;
  /** The segments that the pattern names, as they stand in the path. */
  readonly params: Readonly<Record<string, string>>;
}

/** One request whose sender is known. */
export interface Exchange extends AnonymousExchange {
  readonly identity: Identity;
}

type Handler<E> = (exchange: E, parts: HttpParts) => Promise<void> | void;

/** A door of the gateway and what answers there: it either answers or throws, and errors are answered in one place. */
export type Route =
  | {
      readonly door: HttpDoor;
      /** Each call inside takes a place among the caller's calls in flight, instead of the request as a whole. */
      readonly hasCalls?: true;
      readonly handle: Handler<Exchange>;
    }
  /** Nobody is looked up. */
  | { readonly door: HttpDoor; readonly isAnonymous: true; readonly handle: Handler<AnonymousExchange> };
