/** `1 job`, `2 jobs`, `1 second`: a count with its noun. `many`: the plural of a noun that takes more than an s. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
