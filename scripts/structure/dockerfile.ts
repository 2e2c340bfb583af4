/** One instruction of a Dockerfile: `COPY`, and what follows it, with continued lines joined. */
export interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** A stage: what it begins from, by name, and what is done then. */
export interface Stage {
  readonly name: string;
  readonly from: string;
  readonly instructions: readonly Instruction[];
}

/** The stages of a Dockerfile in their order. Knows what ours uses: `FROM … AS …`, comments, continued lines. */
export function readDockerfile(text: string): Stage[] {
  const lines = text
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .join("\n")
    .replaceAll(/\\\n\s*/g, " ")
    .split("\n")
    .filter((line) => line.trim() !== "");
  const stages: { name: string; from: string; instructions: Instruction[] }[] = [];
  for (const line of lines) {
    const [, name = "", rest = ""] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (name === "FROM") {
      const [from = "", , stage = ""] = rest.split(" ");
      stages.push({ name: stage, from, instructions: [] });
    } else stages.at(-1)?.instructions.push({ name, rest });
  }
  return stages;
}

/** What a `COPY` copies: from another stage or (null) from the repository, and whereto. */
export function readCopy(rest: string): { from: string | null; sources: string[]; target: string } {
  const words = rest.split(" ");
  const from = words.find((word) => word.startsWith("--from="))?.slice("--from=".length) ?? null;
  const paths = words.filter((word) => !word.startsWith("--"));
  return { from, sources: paths.slice(0, -1), target: paths.at(-1) ?? "" };
}

/** The settings of an `ENV`. */
export function readEnvLine(rest: string): Record<string, string> {
  return Object.fromEntries(rest.split(" ").map((pair) => pair.split("=", 2) as [string, string]));
}
