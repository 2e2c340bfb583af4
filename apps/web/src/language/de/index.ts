import { bundledSlugs } from "../bundled-slugs.ts";
import type { Catalogue, Spoken } from "../spoken.ts";
import { translatorOf } from "../translator.ts";
import { account } from "./account.ts";
import { accountPrograms } from "./account-programs.ts";
import { accountSignIn } from "./account-sign-in.ts";
import { serverGerman } from "./answers/index.ts";
import { app } from "./app.ts";
import { batches } from "./batches.ts";
import { bundled } from "./bundled.ts";
import { files } from "./files.ts";
import { format } from "./format.ts";
import { gallery } from "./gallery.ts";
import { images } from "./images.ts";
import { jobs } from "./jobs.ts";
import { jobsDetail } from "./jobs-detail.ts";
import { jobsHistory } from "./jobs-history.ts";
import { jobsLightbox } from "./jobs-lightbox.ts";
import { jobsOutput } from "./jobs-output.ts";
import { jobsProvenance } from "./jobs-provenance.ts";
import { jobsTimeline } from "./jobs-timeline.ts";
import { keys } from "./keys.ts";
import { monitor } from "./monitor.ts";
import { ops } from "./ops.ts";
import { people } from "./people.ts";
import { session } from "./session.ts";
import { signIn } from "./sign-in.ts";
import { statusLine } from "./status-line.ts";
import { words } from "./words.ts";
import { workflowEditor } from "./workflow-editor.ts";
import { workflows } from "./workflows.ts";

/** All sentences in German, as the pages say them; a file for each room of `features`, and `words` for what several say. */
export const german: Catalogue = {
  ...words,
  ...account,
  ...accountPrograms,
  ...accountSignIn,
  ...app,
  ...batches,
  ...format,
  ...gallery,
  ...images,
  ...jobs,
  ...jobsDetail,
  ...jobsHistory,
  ...jobsLightbox,
  ...jobsOutput,
  ...jobsProvenance,
  ...jobsTimeline,
  ...keys,
  ...session,
  ...signIn,
  ...statusLine,
  ...workflows,
  ...files,
  ...workflowEditor,
  ...ops,
  ...people,
  ...monitor,
  ...bundled,
};

export const spokenGerman: Spoken = {
  language: "de",
  catalogue: german,
  bundled: bundledSlugs,
  translate: translatorOf(serverGerman),
};
