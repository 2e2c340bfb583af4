import { downloadName, type InputValues, type JobView, type Output } from "@darkroom/contracts";
import { t, translated, tServer } from "../../language/say.ts";
import { workflowText } from "../../language/workflow-text.ts";

/** What a job is called: its prompt, else its workflow's name. */
export function jobTitle(job: {
  readonly inputs: InputValues;
  readonly workflow: Pick<JobView["workflow"], "slug" | "name">;
}): string {
  const { prompt } = job.inputs;
  return typeof prompt === "string" && prompt.trim() !== ""
    ? prompt
    : workflowText(job.workflow.slug, job.workflow.name);
}

/**
 * The aspect ratio of a job's box, width by height: of the output if there is one, else of the inputs, else square.
 * Outputs that are no pictures get a low box.
 */
export function aspectOf(job: Pick<JobView, "inputs" | "outputs">): number {
  const [output] = job.outputs;
  if (output?.width != null && output.height != null && output.height > 0) return output.width / output.height;
  if (output?.kind === "audio" || output?.kind === "model" || output?.kind === "file") return 2;
  const { width, height } = job.inputs;
  return typeof width === "number" && typeof height === "number" && height > 0 ? width / height : 1;
}

/** A file name for a download: the prompt's first words, and the seed. */
export function fileNameOf(
  job: Pick<JobView, "inputs" | "seed"> & { workflow: Pick<JobView["workflow"], "slug" | "name"> },
  mimeType: string,
): string {
  return downloadName(jobTitle(job), job.seed, mimeType);
}

/**
 * A link that saves one of a job's outputs under a name for people; each of several gets a name of its own. The
 * address carries the name too, because browsers prefer the server's `content-disposition` to the link's `download`.
 */
export function downloadOf(
  job: Parameters<typeof fileNameOf>[0] & Pick<JobView, "outputs">,
  output: Output,
): { href: string; download: string } {
  const name = fileNameOf(job, output.mimeType);
  const place = job.outputs.findIndex(({ outputId }) => outputId === output.outputId);
  const download = job.outputs.length < 2 ? name : name.replace(/(?=\.[^.]+$)/, `-${place + 1}`);
  return { href: `${output.url}?download=${download}`, download };
}

/** What forms call otherwise than by its name. */
const usualLabels = (): Readonly<Record<string, string>> => ({
  cfg: t`Guidance`,
  length: t`Frames`,
  count: t`Pictures`,
  fps: t`Frames per second`,
});

/** A parameter's name for people, in the language of the page where it has a word: `negativePrompt` → `Negative prompt`. */
export function labelOf(name: string): string {
  const words = name.replace(/([A-Z]|3d)/g, " $1").toLowerCase();
  const label = words.charAt(0).toUpperCase() + words.slice(1).replace("3d", "3D");
  return Object.hasOwn(usualLabels(), name) ? (usualLabels()[name] ?? label) : tServer(translated(label));
}
