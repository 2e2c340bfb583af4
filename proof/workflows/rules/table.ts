import type { Case } from "./case.ts";
import { rules } from "./rules.ts";
import { graphCases } from "./whole-graphs.ts";

/** The rules and their cases as docs/comfyui.md shows them. */
export function rulesTable(): string {
  const lines = rules.flatMap(({ rule, cases }) => [
    `**${rule}.**`,
    "",
    "| input | value | ComfyUI | our check |",
    "|---|---|---|---|",
    ...grouped(cases).map(({ one, values }) => {
      const shown = values.map((value) => (value === "absent" ? "absent" : `\`${value}\``)).join(" ");
      const beside = one.beside === undefined ? "" : `, with ${besideOf(one.beside)}`;
      const older = one.older === undefined ? "" : ` (0.3.64: ${one.older})`;
      return `| \`${one.input}\`${beside} | ${shown} | ${one.comfyui}${older} | ${verdictOf(one)} |`;
    }),
    "",
  ]);
  const whole = graphCases.map(
    ({ says, comfyui }) => `| ${says} | ${comfyui} | ${comfyui === "takes" ? "takes" : "error"} |`,
  );
  return [...lines, "| of a graph as a whole | ComfyUI | our check |", "|---|---|---|", ...whole].join("\n");
}

function verdictOf({ comfyui, warns }: Case): string {
  if (comfyui !== "takes") return "error";
  return warns === true ? "warning" : "takes";
}

function besideOf(beside: Readonly<Record<string, unknown>>): string {
  return Object.entries(beside)
    .map(([name, value]) => (value === undefined ? `no \`${name}\`` : `\`${name}\` ${JSON.stringify(value)}`))
    .join(", ");
}

/** Cases that differ in their value alone, together. */
function grouped(cases: readonly Case[]): { one: Case; values: string[] }[] {
  const groups = new Map<string, { one: Case; values: string[] }>();
  for (const { value, ...rest } of cases) {
    const key = JSON.stringify([rest, Object.keys(rest.beside ?? {})]);
    const group = groups.get(key) ?? { one: { value, ...rest }, values: [] };
    group.values.push(value);
    groups.set(key, group);
  }
  return [...groups.values()];
}
