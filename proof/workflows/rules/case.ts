/** What becomes of a graph with this input. */
export interface Case {
  /** The class and the input of it that is tried. */
  readonly input: `${string}.${string}`;
  /** JSON, as it is sent. `absent`: the input is left out. */
  readonly value: string;
  /** `takes`, the type of error of ComfyUI's refusal, or `fails at run`: it takes the graph, which then fails. */
  readonly comfyui: "takes" | "fails at run" | Refusal;
  /** What the check says of what ComfyUI takes for something else than it says. */
  readonly warns?: true;
  /** More inputs of the node. */
  readonly beside?: Readonly<Record<string, unknown>>;
  /** Where 0.3.64 says something else than 0.33.0: what. The check goes by the newer one. */
  readonly older?: "takes" | Refusal;
}

export type Refusal =
  | "required_input_missing"
  | "bad_linked_input"
  | "invalid_input_type"
  | "value_smaller_than_min"
  | "value_bigger_than_max"
  | "value_not_in_list"
  | "return_type_mismatch"
  | "custom_validation_failed"
  /** Python throws while it looks at the node. */
  | "exception"
  | "dependency_cycle"
  | "missing_node_type"
  | "prompt_no_outputs";

/** A rule in words, and what it says in each case. */
export interface Rule {
  readonly rule: string;
  readonly cases: readonly Case[];
}

/** The same of several values of one input. */
export function of(
  input: Case["input"],
  comfyui: Case["comfyui"],
  values: readonly string[],
  more: Pick<Case, "warns" | "beside" | "older"> = {},
): Case[] {
  return values.map((value) => ({ input, value, comfyui, ...more }));
}
