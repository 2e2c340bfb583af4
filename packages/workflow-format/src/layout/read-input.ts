import type { LayoutInput } from "@darkroom/contracts";
import { type Fields, fieldsOf, listOf, textOf } from "../json.ts";
import { gridOf } from "./number-grid.ts";
import { socketTypes, widgetTypes } from "./widget-types.ts";

/**
 * What `object_info` says of one input, `[type, options]`, as the editor lays it out.
 *
 * @param name with the names of what it depends on before it
 */
export function readInput(name: string, spec: unknown, required: boolean): LayoutInput {
  const [head, given] = typeof spec === "string" ? [spec] : listOf(spec);
  const options = fieldsOf(given);
  const type = Array.isArray(head) ? "COMBO" : (textOf(head) ?? "*");
  // A pack may draw a number or a text with a widget of its own.
  const drawnAs = [textOf(options.widgetType) ?? type, type].find((name) => widgetTypes.has(name)) ?? type;
  const forced = options.forceInput === true;
  const isKnown = widgetTypes.has(drawnAs);
  if (!isKnown || forced) {
    return {
      name,
      type,
      required,
      ...(forced ? { forced: true as const } : {}),
      ...(forced && isOn(options.control_after_generate) ? { controlled: true as const } : {}),
      ...(isKnown || forced || socketTypes.has(type) || type.includes(",") ? {} : { unknown: true as const }),
    };
  }
  const choices = choicesOf(head, options);
  const extraPlaces = extraPlacesOf(name, drawnAs, options);
  const dependents = dependentsOf(name, drawnAs, options);
  const fallback = defaultOf(drawnAs, options, choices);
  const grid = gridOf(drawnAs, options);
  return {
    name,
    type,
    required,
    widget: true,
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(choices.length > 0 ? { first: choices[0] } : {}),
    ...(extraPlaces > 0 ? { extraPlaces } : {}),
    ...(grid === null ? {} : { grid }),
    ...(isOn(options.control_after_generate) ? { controlled: true as const } : {}),
    ...(options.dynamicPrompts === true ? { dynamicPrompts: true as const } : {}),
    ...(dependents.length > 0 ? { options: dependents } : {}),
  };
}

/** The inputs of a group `{ required, optional }` in the order in which the editor adds them. */
export function readInputs(groups: unknown, order: unknown, prefix = ""): LayoutInput[] {
  return ["required", "optional"].flatMap((group) => {
    const specs = fieldsOf(fieldsOf(groups)[group]);
    const first = listOf(fieldsOf(order)[group]).filter(
      (name): name is string => typeof name === "string" && Object.hasOwn(specs, name),
    );
    const names = new Set([...first, ...Object.keys(specs)]);
    return [...names].flatMap((name) => {
      const input = readInput(`${prefix}${name}`, specs[name], group === "required");
      return input.type === "LOAD_3D" ? [viewButtons, input] : [input];
    });
  });
}

/** The buttons above a 3D view, whose values hold three places (frontend 1.45.0). */
const viewButtons: LayoutInput = {
  ...{ name: "upload 3d model", type: "BUTTON", required: false, widget: true, unsent: true },
  extraPlaces: 2,
};

function choicesOf(head: unknown, options: Fields): readonly unknown[] {
  if (Array.isArray(head)) return head;
  return listOf(options.options).map((option) => textOf(fieldsOf(option).key) ?? option);
}

/** The editor's own defaults where a class names none (frontend 1.45.0). */
function defaultOf(type: string, options: Fields, choices: readonly unknown[]): unknown {
  const given = options.default;
  // Of a list, the editor takes `""`, `0` and `false` for no default.
  if (type === "COMBO" ? given : given !== undefined && given !== null) return given;
  if (type === "INT" || type === "FLOAT") return 0;
  if (type === "BOOLEAN") return false;
  if (type === "STRING" || type === "MARKDOWN" || type === "TEXTAREA") return "";
  // A class that compares pictures requires the two that its page shows, which are none before it ran.
  if (type === "IMAGECOMPARE") return ["", ""];
  return choices[0];
}

/**
 * `control_after_generate` follows a number that is drawn, and at a list of choices the filter of that list follows it. Asked
 * for by the class, or given to every seed that does not refuse it. The four numbers of a box follow it.
 */
function extraPlacesOf(name: string, type: string, options: Fields): number {
  if (type === "BOUNDING_BOX") return 4;
  const isSeed = name === "seed" || name === "noise_seed";
  const isControlled = isOn(options.control_after_generate ?? (type === "INT" && isSeed));
  if (!isControlled) return 0;
  if (type === "INT") return 1;
  return type === "COMBO" ? 2 : 0;
}

/** `true`, or since 2025 the word that it begins with: `"randomize"`. */
function isOn(control: unknown): boolean {
  return control !== undefined && control !== null && control !== false;
}

/** What a choice adds: of ComfyUI's dynamic combos, and of the video formats of VideoHelperSuite. */
function dependentsOf(name: string, type: string, options: Fields): NonNullable<LayoutInput["options"]> {
  if (type === "COMFY_DYNAMICCOMBO_V3") {
    return listOf(options.options).flatMap((option) => {
      const { key, inputs } = fieldsOf(option);
      return typeof key === "string" ? [{ key, inputs: readInputs(inputs, undefined, `${name}.`) }] : [];
    });
  }
  return Object.entries(fieldsOf(options.formats)).map(([key, widgets]) => ({
    key,
    inputs: listOf(widgets).flatMap((widget) => {
      const [own, ...spec] = listOf(widget);
      return typeof own === "string" ? [readInput(own, spec, false)] : [];
    }),
  }));
}
