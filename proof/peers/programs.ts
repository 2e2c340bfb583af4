import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** Rows that are programs of their own, also to be run by themselves, and which options of ours each takes. */
export const programs: Readonly<Record<string, { readonly file: string; readonly takes: readonly string[] }>> = {
  "fan-out": { file: "proof/fan-out/main.ts", takes: ["rounds", "json"] },
  resting: { file: "proof/resting/main.ts", takes: ["json"] },
  start: { file: "proof/starting/main.ts", takes: ["rounds", "json"] },
  lists: { file: "proof/million/main.ts", takes: [] },
};

/** Runs such a row, which prints its own tables; answers its status. */
export async function runProgram(root: string, name: string, options: Readonly<Record<string, string | undefined>>) {
  const { file = "", takes = [] } = programs[name] ?? {};
  const given = takes.flatMap((option) => (options[option] === undefined ? [] : [`--${option}`, options[option]]));
  const [status] = await once(spawn(process.execPath, [join(root, file), ...given], { stdio: "inherit" }), "exit");
  return status === 0 ? 0 : 1;
}
