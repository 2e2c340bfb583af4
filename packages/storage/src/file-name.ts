/** The ending of a name, in small letters; null for none that a type can be named after. */
export function endingOf(name: string): string | null {
  return /\.([a-z\d]{1,12})$/.exec(name.toLowerCase())?.[1] ?? null;
}
