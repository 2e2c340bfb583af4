/**
 * A file's name as we hold and show it, with `/` between folders. ComfyUI on Windows lists the same model as `SDXL\base.safetensors`
 * that it lists as `SDXL/base.safetensors` elsewhere, and takes nothing but its own spelling.
 */
export function plainFileName(name: string): string {
  return name.replaceAll("\\", "/");
}

/** The choice of a combo that is `value`, or names the same file with other separators; undefined if there is none. */
export function choiceFor<Choice>(value: Choice & string, choices: readonly Choice[]): Choice | undefined {
  if (choices.includes(value)) return value;
  if (!/[\\/]/.test(value)) return undefined;
  const plain = plainFileName(value);
  return choices.find((choice) => typeof choice === "string" && plainFileName(choice) === plain);
}
