import type { InputValues } from "@darkroom/contracts";

/**
 * The form in which prompts are stored to be searched, and in which they are asked for: any run of white space is one space,
 * letters are small and composed, and wide letters and ligatures are the plain ones. Done here and not by Postgres, whose
 * `lower` leaves all but ASCII as it is where the cluster's character type is C, as the embedded one's.
 */
export function searchForm(text: string): string {
  return text.toLowerCase().normalize("NFKC").replace(/\s+/g, " ").trim();
}

/** What a job is found by: its text inputs, each on a line, so that no search finds the end of one and the start of the next. */
export function searchTextOf(inputs: InputValues): string {
  const texts = Object.values(inputs).filter((value) => typeof value === "string");
  return texts.map(searchForm).join("\n");
}
