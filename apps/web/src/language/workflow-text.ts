import { translated, tServer } from "./say.ts";
import { spoken } from "./spoken.ts";

/** A name, a description or a label of a workflow in the language of the page, if it came with Darkroom; as its author wrote it else. */
export function workflowText(slug: string, text: string): string {
  return spoken().bundled?.has(slug) === true ? translated(text) : text;
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

/**
 * A workflow with its form, see {@link workflowText}. Labels that an import gave its inputs are the server's words, which their author
 * kept; what the author wrote stays.
 */
export function toldForm<W extends Told & { readonly parameters: readonly { label: string; help?: string }[] }>(
  workflow: W,
): W {
  const say = (text: string): string => workflowText(workflow.slug, text);
  const sayLabel = (text: string): string => tServer(say(text));
  const parameters = workflow.parameters.map((parameter) => ({
    ...parameter,
    label: sayLabel(parameter.label),
    ...(parameter.help !== undefined && { help: say(parameter.help) }),
  }));
  return { ...toldWorkflow(workflow), parameters };
}
