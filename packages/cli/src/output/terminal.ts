import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { UsageError } from "../usage-error.ts";

/** Where a command writes: what was asked for to `out`, everything else to `err`. */
export interface Terminal {
  out(line: string): void;
  err(line: string): void;
  /** Shows a line in the place of the last one where that can be done; null ends it. */
  progress(line: string | null): void;
  /** Asks the person; what is typed as a secret is not shown. @throws UsageError where nobody can answer */
  ask(question: string, options?: { readonly isSecret?: boolean }): Promise<string>;
}

/** As a shell says of a program whose reader has left. */
const NOBODY_READS = 141;

export function createTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  // Whoever read has read enough, as `head` does: there is nobody left to tell, and no fault.
  stdout.on("error", ({ code }: NodeJS.ErrnoException) => process.exit(code === "EPIPE" ? NOBODY_READS : 1));
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
    async ask(question, { isSecret = false } = {}) {
      const name = question.replace(/:\s*$/, "").toLowerCase();
      if (!stdin.isTTY) {
        throw new UsageError(name, "can be asked for only in a terminal: set DARKROOM_EMAIL and DARKROOM_PASSWORD");
      }
      stderr.write(question);
      const shown = new Writable({
        write(chunk: Buffer, _, done) {
          if (!isSecret) stderr.write(chunk);
          done();
        },
      });
      const lines = createInterface({ input: stdin, output: shown, terminal: true });
      const closed = new Promise<never>((_, reject) => {
        lines.once("close", () => reject(new UsageError(name, "is required")));
      });
      try {
        return await Promise.race([lines.question(""), closed]);
      } finally {
        lines.close();
        if (isSecret) stderr.write("\n");
      }
    },
  };
}
