import { clamp, createRandom, hashText } from "./noise.ts";

/** Linear light is not worth it here: channels are 0…255 and mixed as they are. */
export type Colour = readonly [number, number, number];

/** From the darkest to the lightest, and one that stands out. */
export interface Palette {
  readonly shades: readonly [Colour, Colour, Colour, Colour, Colour];
  readonly accent: Colour;
  readonly dark: boolean;
}

const named: readonly (readonly [RegExp, string])[] = [
  [/sunset|dusk|golden|evening|autumn|fall\b|amber/i, "2b1b3d 7a2e4d d1495b f2915a ffd9a0 fff3c4"],
  [/dawn|sunrise|morning|pastel|spring|cherry|blossom/i, "3a3f6b 8f7bb0 e3a6b9 ffd3c4 fff1e0 ffb7c9"],
  [/ocean|sea\b|wave|water|lake|river|rain|coast|harbou?r|ship|boat/i, "07263b 0f4c6b 2a8aa3 7fc8c6 e2f5ee ffd58a"],
  [/forest|wood|tree|jungle|moss|leaf|meadow|garden|fern/i, "0f2419 1f4a33 4d7c4a a3b86c eef0cf f4b860"],
  [/night|star|space|galaxy|aurora|moon|cosmic|nebula/i, "070b1f 141b46 3b3a86 5fb8a9 d6f5e3 f7c8ff"],
  [/snow|ice|winter|arctic|frost|glacier|polar/i, "1d3047 4a708f 8fb4cc cfe2ec ffffff ffc9a3"],
  [/desert|sand|dune|canyon|mars|clay/i, "3b1d1a 85402c c97844 eab676 fbe8c6 9fd3d1"],
  [/city|neon|cyber|street|tokyo|synth|robot/i, "0b0820 2c1458 7a1fa2 ff3d9a 4de8ff fff07a"],
  [/fire|lava|volcano|dragon|ember|phoenix/i, "140607 4a0f10 a3240f f0651b ffc352 fff4c2"],
  [/flower|rose|botanic|petal|bouquet|tulip|orchid|portrait|woman|girl/i, "2a1530 6b2a5b c94f7c f29ca3 ffe6da ffd166"],
  [/ink|charcoal|monochrome|black and white|noir|pencil/i, "0e0e10 3a3a3e 78787d b8b8ba f2f0ec c8452f"],
];

/** Colours derived from the words; from the words' hash if none is known. */
export function paletteOf(text: string, seed: number): Palette {
  const found = named.find(([words]) => words.test(text));
  const colours = found === undefined ? invented(text) : found[1].split(" ").map(fromHex);
  const turn = (createRandom(seed)() - 0.5) * 14;
  const [a, b, c, d, e, accent] = colours.map((colour) => turned(colour, turn));
  const fallback: Colour = [0, 0, 0];
  return {
    shades: [a ?? fallback, b ?? fallback, c ?? fallback, d ?? fallback, e ?? fallback],
    accent: accent ?? fallback,
    dark: /night|star|space|galaxy|aurora|moon|cosmic|nebula|neon|cyber/i.test(text),
  };
}

function invented(text: string): Colour[] {
  const random = createRandom(hashText(text));
  const hue = random() * 360;
  const spread = 30 + random() * 70;
  const tones = [0.12, 0.28, 0.48, 0.7, 0.92];
  const shades = tones.map((light, index) => fromHsl(hue + (index - 2) * (spread / 2), 0.55 - light * 0.15, light));
  return [...shades, fromHsl(hue + 180, 0.75, 0.65)];
}

function fromHex(hex: string): Colour {
  const value = Number.parseInt(hex, 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function fromHsl(hue: number, saturation: number, light: number): Colour {
  const channel = (offset: number): number => {
    const k = (offset + hue / 30 + 24) % 12;
    return 255 * (light - saturation * Math.min(light, 1 - light) * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  };
  return [channel(0), channel(8), channel(4)];
}

/** A small shift between red and blue, so that two seeds of one prompt differ in light as well as in form. */
function turned([red, green, blue]: Colour, by: number): Colour {
  return [clamp(red + by, 0, 255), green, clamp(blue - by, 0, 255)];
}

/** `a` at 0, `b` at 1. */
export function mix(a: Colour, b: Colour, t: number): Colour {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
}

/** The palette as a continuous scale from 0 (dark) to 1 (light). */
export function shade(palette: Palette, t: number): Colour {
  const at = clamp(t) * 4;
  const index = Math.min(3, Math.floor(at));
  return mix(palette.shades[index] ?? palette.accent, palette.shades[index + 1] ?? palette.accent, at - index);
}
