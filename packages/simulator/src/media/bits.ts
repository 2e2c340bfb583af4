/** Writes bits, the most significant first, as the codecs here want them. */
export interface BitWriter {
  put(value: number, bits: number): void;
  /** Unsigned Exp-Golomb, as H.264 writes most of its numbers. */
  putGolomb(value: number): void;
  /** Zeros up to the next byte. */
  align(): void;
  bytes(): Buffer;
}

export function createBitWriter(): BitWriter {
  const bytes: number[] = [];
  let pending = 0;
  let count = 0;

  function putBit(bit: number): void {
    pending = (pending << 1) | bit;
    count += 1;
    if (count < 8) return;
    bytes.push(pending);
    pending = 0;
    count = 0;
  }

  // Division, not shifts: a field may be wider than 32 bits.
  const put = (value: number, bits: number): void => {
    for (let at = bits - 1; at >= 0; at -= 1) putBit(Math.floor(value / 2 ** at) % 2);
  };
  return {
    put,
    putGolomb(value) {
      const length = Math.floor(Math.log2(value + 1));
      put(0, length);
      put(value + 1, length + 1);
    },
    align() {
      while (count > 0) putBit(0);
    },
    bytes: () => Buffer.from(bytes),
  };
}
