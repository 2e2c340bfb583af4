import { fileExtensionOf, type InputValues, type JobView, type Output } from "@darkroom/contracts";

/** What a job is called: its prompt, else its workflow's name. */
export function jobTitle(job: { readonly inputs: InputValues; readonly workflow: { readonly name: string } }): string {
  const { prompt } = job.inputs;
  return typeof prompt === "string" && prompt.trim() !== "" ? prompt : job.workflow.name;
}

/** Width by height of the picture to come, or of the one that is there; square if nothing tells, low for what is none. */
export function aspectOf(job: Pick<JobView, "inputs" | "outputs">): number {
  const [output] = job.outputs;
  if (output?.width != null && output.height != null && output.height > 0) return output.width / output.height;
  if (output?.kind === "audio" || output?.kind === "model" || output?.kind === "file") return 2;
  const { width, height } = job.inputs;
  return typeof width === "number" && typeof height === "number" && height > 0 ? width / height : 1;
}

/** A file name for a download: the prompt's first words, and the seed. */
export function fileNameOf(
  job: Pick<JobView, "inputs" | "seed"> & { workflow: { name: string } },
  mimeType: string,
): string {
  const words = jobTitle(job)
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 48)
    .replace(/-+$/, "");
  const seed = job.seed === null ? "" : `-${job.seed}`;
  return `${words === "" ? "picture" : words}${seed}.${fileExtensionOf(mimeType)}`;
}

/**
 * A link that saves one of a job's outputs under a name for people; of several each under its own. The name is in the
 * address too, as a browser takes the server's word for it before the link's.
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

/** A parameter's name for people: `negativePrompt` → `Negative prompt`. */
export function labelOf(name: string): string {
  const words = name.replace(/([A-Z])/g, " $1").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
