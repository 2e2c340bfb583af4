import type { Faults } from "../faults/faults.ts";
import type { Dialect } from "../protocol/dialect.ts";
import type { Clock } from "./clock.ts";
import type { Folders } from "./folders.ts";
import type { Random } from "./random.ts";

/** Installed model files by folder name. */
export type Models = Readonly<Record<string, readonly string[]>>;

/** What all parts of one server share. */
export interface Site {
  readonly dialect: Dialect;
  readonly clock: Clock;
  readonly random: Random;
  readonly faults: Faults;
  readonly folders: Folders;
  /** Read anew each time: files come and go. */
  readonly models: Models;
}
