import { clamp, createNoise, createRandom, octaves, step } from "./noise.ts";
import { type Colour, mix, type Palette, shade } from "./palette.ts";

/** The colour at a place; x runs from 0 to the aspect ratio, y from 0 (top) to 1. */
export type Scene = (x: number, y: number) => Colour;

export interface SceneInput {
  readonly palette: Palette;
  readonly seed: number;
  /** Width over height. */
  readonly aspect: number;
}

/** Layers of land under a sky with a sun: dunes, mountains, woods or water, by `roughness` and `spikes`. */
export function ridges(input: SceneInput, form: { roughness: number; spikes: number; water: boolean }): Scene {
  const { palette, seed, aspect } = input;
  const random = createRandom(seed);
  const noise = createNoise(seed);
  const line = octaves(noise, form.roughness);
  const cloud = octaves(createNoise(seed ^ 0x51ed), 4);
  const sun = { x: aspect * (0.2 + random() * 0.6), y: 0.2 + random() * 0.25, size: 0.05 + random() * 0.06 };
  const horizon = 0.42 + random() * 0.16;
  const count = 6;

  const heightOf = (layer: number, x: number): number => {
    const depth = layer / (count - 1);
    const base = horizon + depth * (0.92 - horizon);
    const swell = (line(x * (1.6 + depth * 1.4) + layer * 31.7, layer * 7.9) - 0.5) * (0.16 + depth * 0.1);
    const spike = form.spikes === 0 ? 0 : tree(x, layer, depth) * form.spikes;
    return base - swell - spike;
  };
  const tree = (x: number, layer: number, depth: number): number => {
    const pitch = 46 - depth * 26;
    const cell = Math.floor(x * pitch);
    const tall = 0.4 + noise(cell * 3.7 + 0.5, layer * 5.3 + 0.5) * 0.6;
    return (1 - Math.abs((x * pitch - cell) * 2 - 1)) * tall * (0.035 + depth * 0.075);
  };

  return (x, y) => {
    const skyLight = palette.dark ? 0.1 + y * 0.55 : 0.5 + y * 0.55;
    const veil = (cloud(x * 2.2, y * 6) - 0.5) * 0.28;
    const away = Math.hypot(x - sun.x, y - sun.y);
    let colour = shade(palette, skyLight + veil);
    colour = mix(colour, palette.accent, 0.55 * Math.exp(-away * 4.5));
    colour = mix(colour, [255, 252, 240], step(sun.size + 0.006, sun.size - 0.006, away));
    if (palette.dark && noise(x * 190, y * 190) > 0.965) colour = mix(colour, [255, 255, 255], 0.8 * (1 - y));
    for (let layer = count - 1; layer >= 0; layer -= 1) {
      const top = heightOf(layer, x);
      if (y < top) continue;
      const depth = layer / (count - 1);
      const grain = (noise(x * 60 + layer * 9, y * 130) - 0.5) * 0.05;
      const tone = 0.62 - depth * 0.56 + (y - top) * 0.35 + grain;
      const haze = 0.3 * (1 - depth) * Math.exp(-(y - top) * 7);
      return mix(shade(palette, tone), palette.accent, haze);
    }
    return form.water && y > horizon ? shine(colour, x, y) : colour;
  };

  function shine(colour: Colour, x: number, y: number): Colour {
    const ripple = noise(x * 26, y * 150) * step(0.5, 0, Math.abs(x - sun.x) * 2);
    return mix(colour, palette.accent, clamp(ripple) * 0.6);
  }
}

/** A sea: bands of swell that narrow towards the horizon, and the sun's path on them. */
export function sea(input: SceneInput): Scene {
  const { palette, seed, aspect } = input;
  const random = createRandom(seed);
  const swell = octaves(createNoise(seed), 4);
  const cloud = octaves(createNoise(seed ^ 0x2f1b), 5);
  const sun = { x: aspect * (0.25 + random() * 0.5), y: 0.26 + random() * 0.1, size: 0.055 };
  const horizon = 0.44 + random() * 0.08;
  return (x, y) => {
    const away = Math.hypot(x - sun.x, y - sun.y);
    if (y < horizon) {
      const veil = (cloud(x * 2, y * 7) - 0.5) * 0.5;
      const sky = mix(shade(palette, 0.4 + y * 1.1 + veil), palette.accent, 0.7 * Math.exp(-away * 4));
      return mix(sky, [255, 250, 235], step(sun.size + 0.005, sun.size - 0.005, away));
    }
    const near = (y - horizon) / (1 - horizon);
    const distance = 1 / (0.06 + near);
    const wave = swell(x * distance * 1.1 + near * 2, distance * 3.4);
    const crest = step(0.56, 0.74, wave);
    const path = Math.exp(-Math.abs(x - sun.x) / (0.05 + near * 0.22)) * step(0.42, 0.62, wave);
    const water = shade(palette, 0.52 - near * 0.46 + (wave - 0.5) * 0.5);
    return mix(mix(water, shade(palette, 0.95), crest * 0.35), palette.accent, path * 0.85);
  };
}

/** Curtains of light over a dark ridge. */
export function aurora(input: SceneInput): Scene {
  const { palette, seed } = input;
  const noise = createNoise(seed);
  const fold = octaves(noise, 4);
  const land = octaves(createNoise(seed ^ 0x77), 5);
  return (x, y) => {
    const ground = 0.86 - (land(x * 2.4, 3.3) - 0.4) * 0.22;
    if (y > ground) return mix(shade(palette, 0.02), shade(palette, 0.3), clamp((ground + 0.04 - y) * 6));
    const star = noise(x * 210, y * 210) > 0.968 ? 0.9 - y : 0;
    let colour = mix(shade(palette, 0.04 + y * 0.3), [255, 255, 255], clamp(star));
    for (let curtain = 0; curtain < 3; curtain += 1) {
      const centre = 0.3 + curtain * 0.15 + (fold(x * 1.5 + curtain * 13, curtain * 4.4) - 0.5) * 0.5;
      const ray = 0.45 + 0.55 * noise(x * 38 + curtain * 50, 0.5 + curtain);
      const above = centre - y;
      const glow = above > 0 ? Math.exp(-above * 6) : Math.exp(above * 42);
      colour = mix(colour, curtain === 1 ? palette.accent : shade(palette, 0.76), clamp(glow * ray * 0.85));
    }
    return colour;
  };
}

/** Flowers before a soft garden. */
export function bloom(input: SceneInput): Scene {
  const { palette, seed, aspect } = input;
  const random = createRandom(seed);
  const soft = octaves(createNoise(seed), 3);
  const flowers = Array.from({ length: 9 }, (_, index) => ({
    x: random() * aspect,
    y: 0.12 + random() * 0.8,
    size: 0.06 + (index / 9) ** 2 * 0.2,
    petals: 5 + Math.floor(random() * 4),
    turn: random() * Math.PI,
    tone: random(),
  }));
  return (x, y) => {
    let colour = mix(shade(palette, 0.1 + soft(x * 3, y * 3) * 0.5), shade(palette, 0.35), y * 0.4);
    for (const flower of flowers) {
      const away = Math.hypot(x - flower.x, y - flower.y) / flower.size;
      if (away > 1.25) continue;
      const angle = Math.atan2(y - flower.y, x - flower.x) + flower.turn;
      const edge = 0.62 + 0.38 * Math.abs(Math.cos((angle * flower.petals) / 2)) ** 0.6;
      const cover = step(edge, edge - 0.06, away);
      const vein = 0.08 * Math.cos(angle * flower.petals * 6) * away;
      const petal = mix(
        shade(palette, 0.5 + flower.tone * 0.25 + away * 0.3 + vein),
        shade(palette, 0.3),
        (1 - away) * 0.3,
      );
      colour = mix(colour, petal, cover);
      colour = mix(colour, palette.accent, step(0.24, 0.17, away));
    }
    return colour;
  };
}

/** Marbled flow: noise bent by noise. */
export function flow(input: SceneInput): Scene {
  const { palette, seed } = input;
  const bend = octaves(createNoise(seed), 3);
  const body = octaves(createNoise(seed ^ 0x3c6e), 4);
  return (x, y) => {
    const dx = bend(x * 2.1, y * 2.1);
    const dy = bend(x * 2.1 + 5.2, y * 2.1 + 1.3);
    const value = body(x * 1.6 + dx * 2.6, y * 1.6 + dy * 2.6);
    const vein = Math.exp(-Math.abs(value - 0.5) * 26) * 0.7;
    const light = clamp((value - 0.22) * 1.75);
    return mix(shade(palette, light), palette.accent, vein * dx);
  };
}
