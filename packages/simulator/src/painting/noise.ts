/** Deterministic randomness for pictures: the same key gives the same picture on every machine. */

export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** Uniform numbers in [0, 1). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export type Field = (x: number, y: number) => number;

/** Smooth value noise in [0, 1], with features about one unit wide. */
export function createNoise(seed: number): Field {
  const random = createRandom(seed);
  const lattice = new Float32Array(65536);
  for (let index = 0; index < lattice.length; index += 1) lattice[index] = random();
  const at = (x: number, y: number): number => lattice[((y & 255) << 8) | (x & 255)] ?? 0;
  return (x, y) => {
    const left = Math.floor(x);
    const top = Math.floor(y);
    const fx = smooth(x - left);
    const fy = smooth(y - top);
    const upper = at(left, top) + (at(left + 1, top) - at(left, top)) * fx;
    const lower = at(left, top + 1) + (at(left + 1, top + 1) - at(left, top + 1)) * fx;
    return upper + (lower - upper) * fy;
  };
}

/** Noise summed over octaves, still in [0, 1]. */
export function octaves(noise: Field, count: number): Field {
  return (x, y) => {
    let sum = 0;
    let weight = 0.5;
    let scale = 1;
    let total = 0;
    for (let octave = 0; octave < count; octave += 1) {
      sum += noise(x * scale + octave * 17.3, y * scale - octave * 9.1) * weight;
      total += weight;
      weight *= 0.5;
      scale *= 2;
    }
    return sum / total;
  };
}

function smooth(t: number): number {
  return t * t * (3 - 2 * t);
}

export function clamp(value: number, low = 0, high = 1): number {
  return value < low ? low : Math.min(value, high);
}

/** 0 below `from`, 1 above `to`, smooth between. */
export function step(from: number, to: number, value: number): number {
  return smooth(clamp((value - from) / (to - from)));
}
