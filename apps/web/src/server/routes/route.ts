import type { IncomingMessage, ServerResponse } from "node:http";
import type { Context } from "@darkroom/api";
import type { Auth, Identity } from "@darkroom/auth";
import type { Role } from "@darkroom/contracts";
import type { Database } from "@darkroom/db";
import type { Publisher, Redis } from "@darkroom/queue";
import type { Storage } from "@darkroom/storage";
import type { Registry } from "@prometheus-io/client";
import type { Logger } from "pino";
import type { Connections } from "../connections/connections.ts";

/** What the routes are answered with; made in `main.ts`. */
export interface HttpParts {
  readonly auth: Auth;
  readonly database: Database;
  readonly storage: Storage;
  /** Whether an image may be given by its address. */
  readonly uploadsByUrl: boolean;
  readonly redis: Redis;
  readonly publisher: Publisher;
  readonly connections: Connections;
  readonly metrics: Registry;
  readonly log: Logger;
  readonly dev: boolean;
  readonly isDraining: () => boolean;
  readonly createContext: (request: IncomingMessage, identity: Identity, signal: AbortSignal) => Context;
  /** Next's handler; null where this process serves no pages. */
  readonly pages: ((request: IncomingMessage, response: ServerResponse) => Promise<void>) | null;
}

/** One request and its answer. */
export interface AnonymousExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  /** The segments that the pattern names, as they stand in the path. */
  readonly params: Readonly<Record<string, string>>;
}

/** One request whose sender is known. */
export interface Exchange extends AnonymousExchange {
  readonly identity: Identity;
}

type Handler<E> = (exchange: E, parts: HttpParts) => Promise<void> | void;

/** A path and who may ask for it. A handler either answers or throws; errors are answered in one place. */
export type Route = {
  /** `GET` takes `HEAD` too; `any` leaves the choice to the handler. */
  readonly method: "GET" | "POST" | "any";
  /** `:name` stands for one segment, a `*` at the end for everything that follows. */
  readonly pattern: string;
} & (
  | { readonly role: "public" | Role; readonly handle: Handler<Exchange> }
  /** Asked by machines, often and while things are down: nobody is looked up. */
  | { readonly role: "anonymous"; readonly handle: Handler<AnonymousExchange> }
);
