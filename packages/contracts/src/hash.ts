/**
 * FNV-1a over UTF-16 code units, an integer in [0, 2^32): the same in every process, version and browser. For spreading
 * and seeding only; whoever chooses the text can choose the hash.
 */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
