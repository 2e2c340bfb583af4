import { createInterface } from "node:readline/promises";

/** Where a command writes: what was asked for to `out`, everything else to `err`. */
export interface Terminal {
  out(line: string): void;
  err(line: string): void;
  /** Shows a line in the place of the last one where that can be done; null ends it. */
  progress(line: string | null): void;
  ask(question: string): Promise<string>;
}

export function createTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  let last = "";
  return {
    out: (line) => void stdout.write(`${line}\n`),
    err: (line) => void stderr.write(`${line}\n`),
    progress(line) {
      if (line === last) return;
      if (!stderr.isTTY) {
        if (line !== null) stderr.write(`${line}\n`);
      } else if (line !== null) stderr.write(`\r\u001b[K${line}`);
      else if (last !== "") stderr.write("\r\u001b[K");
      last = line ?? "";
    },
    async ask(question) {
      const lines = createInterface({ input: stdin, output: stderr });
      try {
        return await lines.question(question);
      } finally {
        lines.close();
      }
    },
  };
}
