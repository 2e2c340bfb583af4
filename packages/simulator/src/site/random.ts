import { randomInt } from "node:crypto";
import { createRandom } from "../painting/noise.ts";

/** What the server picks by chance: names of temporary files, ids that nobody gave. */
export interface Random {
  /** Letters of `alphabet`. */
  letters(count: number, alphabet: string): string;
  uuid(): string;
}

/** With a seed, the same choices in the same order every time. */
export function createRandomSource(seed?: number): Random {
  const seeded = seed === undefined ? null : createRandom(seed);
  const below = (limit: number): number => (seeded === null ? randomInt(limit) : Math.floor(seeded() * limit));
  const letters = (count: number, alphabet: string): string =>
    Array.from({ length: count }, () => alphabet[below(alphabet.length)]).join("");
  const hex = (count: number): string => letters(count, "0123456789abcdef");
  return {
    letters,
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${letters(1, "89ab")}${hex(3)}-${hex(12)}`,
  };
}
