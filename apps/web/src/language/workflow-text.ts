import { translated } from "./say.ts";

/** The workflows that every installation begins with. Their texts come from the database as anybody's do, and are in the catalogues. */
export const bundledSlugs: ReadonlySet<string> = new Set([
  "text-to-image",
  "text-to-image-qwen",
  "image-to-image",
  "inpaint",
  "upscale",
  "upscale-model",
  "text-to-video",
  "test-card",
]);

/** A name, a description or a label of a workflow in the language of the page, if it came with Darkroom; as its author wrote it else. */
export function workflowText(slug: string, text: string): string {
  return bundledSlugs.has(slug) ? translated(text) : text;
}

interface Told {
  readonly slug: string;
  readonly name: string;
  readonly description: string;
}

/** A workflow as a list shows it, see {@link workflowText}. */
export function toldWorkflow<W extends Told>(workflow: W): W {
  const { slug, name, description } = workflow;
  return { ...workflow, name: workflowText(slug, name), description: workflowText(slug, description) };
}

/** A workflow with its form, see {@link workflowText}. */
export function toldForm<W extends Told & { readonly parameters: readonly { label: string; help?: string }[] }>(
  workflow: W,
): W {
  const say = (text: string): string => workflowText(workflow.slug, text);
  const parameters = workflow.parameters.map((parameter) => ({
    ...parameter,
    label: say(parameter.label),
    ...(parameter.help !== undefined && { help: say(parameter.help) }),
  }));
  return { ...toldWorkflow(workflow), parameters };
}
