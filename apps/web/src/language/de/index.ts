import type { Catalogue, Spoken } from "../spoken.ts";
import { translatorOf } from "../translator.ts";
import { serverGerman } from "./answers/index.ts";
import { format } from "./format.ts";
import { jobsOutput } from "./jobs-output.ts";
import { jobsTimeline } from "./jobs-timeline.ts";
import { session } from "./session.ts";
import { words } from "./words.ts";

/** All sentences in German, as the pages say them; a file for each room of `features`, and `words` for what several say. */
export const german: Catalogue = { ...words, ...format, ...jobsOutput, ...jobsTimeline, ...session };

export const spokenGerman: Spoken = { language: "de", catalogue: german, translate: translatorOf(serverGerman) };
