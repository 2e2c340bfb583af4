import { type Refusal, toRefusal } from "./refusal.ts";

export interface EachOf<Item> {
  readonly done: readonly Item[];
  readonly refused: readonly { readonly item: Item; readonly refusal: Refusal }[];
}

/** Requests under way at once: well below what one caller may have in flight, so that the page itself can still ask. */
const AT_ONCE = 6;

/**
 * Does `task` for each item and tells which were refused and why. Once a limit refuses one, those that have not begun are
 * refused with the same words: to go on asking would only prolong the wait. `onSettled` is told how many are done or refused.
 */
export async function eachOf<Item>(
  items: readonly Item[],
  task: (item: Item) => Promise<unknown>,
  onSettled?: (count: number) => void,
): Promise<EachOf<Item>> {
  const waiting = [...items];
  const done: Item[] = [];
  const refused: { item: Item; refusal: Refusal }[] = [];
  const work = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      try {
        await task(item);
        done.push(item);
      } catch (error) {
        const refusal = toRefusal(error);
        refused.push({ item, refusal });
        if (refusal.retryAfterSeconds !== null)
          refused.push(...waiting.splice(0).map((left) => ({ item: left, refusal })));
      }
      onSettled?.(done.length + refused.length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { done, refused };
}
