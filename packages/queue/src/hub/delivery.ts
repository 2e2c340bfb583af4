import type { JobEvent } from "@darkroom/contracts";
import type { Cursor } from "./cursor.ts";

/** What a reader is given at once. */
export interface Delivery {
  /** Everything up to here was delivered; give it to `attach` to go on. */
  readonly cursor: Cursor;
  /** Never empty; durable events in order, then transient ones. */
  readonly events: readonly JobEvent[];
}
