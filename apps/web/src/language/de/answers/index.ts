import type { ServerSentences } from "../../translator.ts";
import { files } from "./files.ts";
import { jobs } from "./jobs.ts";
import { labels } from "./labels.ts";
import { counts, parts, rules } from "./parts.ts";
import { refusals } from "./refusals.ts";
import { simulator } from "./simulator.ts";
import { workflows } from "./workflows.ts";

/** What the server says, in German: its answers are English, and the pages say them anew. */
export const serverGerman: ServerSentences = {
  sentences: { ...refusals, ...files, ...jobs, ...workflows, ...simulator },
  rules,
  counts,
  parts,
  labels,
};
