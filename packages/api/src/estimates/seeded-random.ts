/** The `index`th random number of a seed, between 0 and 1. The same for the same arguments, independent for others. */
export function seededRandom(seed: number, index: number): number {
  let bits = (seed + Math.imul(index + 1, 0x9e3779b9)) | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
}
