import { AsyncLocalStorage } from "node:async_hooks";
import type { Spoken } from "./language/spoken.ts";

/** What the gateway gives to the page that it renders for a request. */
export interface PageRequest {
  /** Asks a query of the API as the visitor and answers what HTTP would; rejects what HTTP would refuse. Null: nobody is known. */
  readonly ask: ((path: string, input: unknown) => Promise<unknown>) | null;
  /** `WS_PATH`; null where sockets are switched off. */
  readonly socketPath: string | null;
  /** Where people open the pages: what is told to other sites has whole addresses. */
  readonly origin: string;
  /** The language that the page arrives in, with its sentences. */
  readonly spoken: Spoken;
  /** How dates, times and numbers are written on it, for `Intl`: the browser agrees when it takes the page over. */
  readonly locale: string;
}

// On the global object, because the gateway and the bundle of the pages each have a copy of this module.
const holder = globalThis as { darkroomPageRequest?: AsyncLocalStorage<PageRequest> };
holder.darkroomPageRequest ??= new AsyncLocalStorage();

/** The request that is being rendered. */
export const pageRequest: AsyncLocalStorage<PageRequest> = holder.darkroomPageRequest;
