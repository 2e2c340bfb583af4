/** Numbers from 0 to 1, the same for the same seed, so that a retry sends what the first attempt sent. */
export function createRandom(seed: string): () => number {
  // FNV-1a makes a number of the text, mulberry32 a row of numbers from that. Nothing here keeps a secret.
  let state = 0x811c9dc5;
  for (const character of seed) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
