/** The line that names the error in a failed process' output, else its last line; empty if it printed nothing. */
export function errorLine(printed: string): string {
  const lines = printed.split("\n").filter((line) => /\w/.test(line) && !/^\s+at |^Node\.js v/.test(line));
  return (lines.findLast((line) => /error|fatal/i.test(line)) ?? lines.at(-1) ?? "").trim();
}
