/** Of what a process printed before it failed the line that names the error, else its last one. */
export function gist(printed: string): string {
  const lines = printed.split("\n").filter((line) => /\w/.test(line) && !/^\s+at |^Node\.js v/.test(line));
  return (lines.findLast((line) => /error|fatal/i.test(line)) ?? lines.at(-1) ?? "").trim();
}
