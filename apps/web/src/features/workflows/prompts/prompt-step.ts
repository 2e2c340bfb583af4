/** Where somebody is among their earlier prompts; `at` null: at what they were writing, which is `draft`. */
export interface PromptPlace {
  readonly at: number | null;
  readonly draft: string;
}

/**
 * One step through earlier prompts (newest first), to an older one or back towards what was being written. `text` is what
 * stands in the box: whoever changed a recalled prompt goes on from it as from something new. Null: there is no further one.
 */
export function stepPrompt(
  prompts: readonly string[],
  place: PromptPlace,
  { text, isOlder }: { text: string; isOlder: boolean },
): { readonly place: PromptPlace; readonly text: string } | null {
  const isRecalled = place.at !== null && prompts[place.at] === text;
  const [at, draft] = isRecalled ? [place.at, place.draft] : [null, text];
  if (!isOlder) {
    if (at === null) return null;
    return at === 0 ? { place: { at: null, draft }, text: draft } : step(at - 1);
  }
  // The newest one is often what stands in the box already.
  const next = (at ?? -1) + 1 + (at === null && prompts[0] === text ? 1 : 0);
  return next < prompts.length ? step(next) : null;

  function step(to: number) {
    return { place: { at: to, draft }, text: prompts[to] ?? draft };
  }
}
