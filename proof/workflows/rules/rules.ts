import type { Rule } from "./case.ts";
import { choices } from "./choices.ts";
import { dynamicInputs } from "./dynamic-inputs.ts";
import { links } from "./links.ts";
import { types } from "./types.ts";
import { values } from "./values.ts";

/**
 * What ComfyUI's validation says (0.3.64 and 0.33.0), by kind of input. Each case is tried against our check and against the simulator,
 * and stands in docs/comfyui.md. The graphs are those of `graph.ts`: one node of the class, and an output that needs it.
 */
export const rules: readonly Rule[] = [...values, ...choices, ...types, ...links, ...dynamicInputs];
