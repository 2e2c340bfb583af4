import { kinds, MAGIC_BYTES, nameOther } from "./kinds.ts";
import { MAX_TEXTS } from "./limits.ts";
import { type GraphTexts, graphTexts } from "./meaning/graph-texts.ts";
import { type Parameters, readParameters } from "./meaning/parameters.ts";
import { openRanges, type Ranges, type Sliceable } from "./ranges.ts";
import type { Tag } from "./tag.ts";
import { WorkflowFileError } from "./workflow-file-error.ts";

/** What a file says of how it was made: at least one of `prompt`, `workflow` and `parameters`. */
export interface WorkflowFile extends GraphTexts {
  /** From a program that is not ComfyUI: no graph, but what one could be given. */
  readonly parameters?: Parameters;
  /** The kind of the file, and where in it the first of these stood. */
  readonly source: { readonly kind: string; readonly place: string };
}

/**
 * Reads what a file carries: JSON, or anything that ComfyUI saves. It is read by ranges and no further than needed, so that a
 * video of any length takes some kilobytes. What was found before a file turns out to be damaged is still given.
 *
 * @throws WorkflowFileError and nothing else
 */
export async function readWorkflowFile(source: Sliceable): Promise<WorkflowFile> {
  const start = await openRanges(source, "file").readUpTo(0, MAGIC_BYTES, "first bytes");
  const kind = kinds.find(({ is }) => is(start, source.size));
  if (kind === undefined) throw unknown(start);
  const file = openRanges(source, kind.name);
  const read = await kind.reader();
  const { graphs, texts, place, fault } = await collect(read(file), file);
  const parameters = readParameters(texts);
  if (place !== null) return { ...graphs, ...(parameters && { parameters }), source: { kind: kind.name, place } };
  if (parameters !== null) return { parameters, source: { kind: kind.name, place: "text of the picture" } };
  throw (
    fault ?? new WorkflowFileError("NO_WORKFLOW", { kind: kind.name, place: "whole file" }, "it carries no workflow")
  );
}

interface Collected {
  readonly graphs: GraphTexts;
  /** The first text of each name. */
  readonly texts: ReadonlyMap<string, string>;
  /** Of the first graph. */
  readonly place: string | null;
  /** What ended the reading, or kept a text from being read. */
  readonly fault: WorkflowFileError | null;
}

async function collect(tags: AsyncIterable<Tag>, file: Ranges): Promise<Collected> {
  let graphs: GraphTexts = {};
  let place: string | null = null;
  let fault: WorkflowFileError | null = null;
  let characters = 0;
  const texts = new Map<string, string>();
  try {
    for await (const { name, text, place: at } of tags) {
      characters += text.length;
      if (characters > MAX_TEXTS) throw file.tooLarge(at, `its texts have more than ${MAX_TEXTS} characters together`);
      if (!texts.has(name)) texts.set(name, text);
      try {
        const found = graphTexts(text);
        if (found.prompt !== undefined || found.workflow !== undefined) place ??= at;
        graphs = { ...found, ...graphs };
      } catch (error) {
        // A comment may be any text; these three ought to be JSON.
        const reason = error instanceof Error ? error.message : String(error);
        if (["prompt", "workflow", "json"].includes(name))
          fault ??= file.damaged(at, `its text is no JSON (${reason})`);
      }
      if (graphs.prompt !== undefined && graphs.workflow !== undefined) break;
    }
  } catch (error) {
    if (!(error instanceof WorkflowFileError)) throw error;
    fault ??= error;
  }
  return { graphs, texts, place, fault };
}

function unknown(start: Uint8Array): WorkflowFileError {
  const other = nameOther(start);
  const where = { kind: other?.name ?? "file", place: "first bytes" };
  if (other?.isArchive === true)
    return new WorkflowFileError("UNKNOWN_KIND", where, "it is an archive; take what is in it out first");
  if (other !== null) return new WorkflowFileError("NO_WORKFLOW", where, "no workflow is written into such files");
  const rule = start.length === 0 ? "the file is empty" : "this kind of file is not one that can carry a workflow";
  return new WorkflowFileError("UNKNOWN_KIND", where, rule);
}
