import type { Catalogue } from "../spoken.ts";
import { session } from "./session.ts";
import { words } from "./words.ts";

/** All sentences in German, as the pages say them; a file for each room of `features`, and `words` for what several say. */
export const german: Catalogue = { ...words, ...session };
