import { setImmediate as nextTurn } from "node:timers/promises";
import { createRandom, hashText } from "./noise.ts";
import { paletteOf } from "./palette.ts";
import { asSharp, blend, type Raster, resize } from "./raster.ts";
import { aurora, bloom, flow, ridges, type Scene, type SceneInput, sea } from "./scenes.ts";

export interface Recipe {
  readonly text: string;
  readonly negative: string;
  readonly seed: number;
  readonly model: string;
  readonly width: number;
  readonly height: number;
}

// Forms are soft, so a sketch of this size and a good enlargement cost a tenth of painting every pixel.
const sketchSide = 384;
// Long enough to be worth a turn, short enough that frames and answers are never late.
const sliceMs = 10;

/** The picture of a recipe, small. Yields to the event loop while it works. */
export async function sketch(recipe: Recipe): Promise<Raster> {
  const scale = Math.min(1, sketchSide / Math.max(recipe.width, recipe.height));
  const width = Math.max(1, Math.round(recipe.width * scale));
  const height = Math.max(1, Math.round(recipe.height * scale));
  const seed = hashText(`${recipe.text}\n${recipe.seed}\n${recipe.model}`);
  const scene = sceneOf(recipe.text, {
    palette: paletteOf(recipe.text, seed),
    seed,
    aspect: width / height,
  });
  const data = Buffer.allocUnsafe(width * height * 3);
  let sliceEnd = performance.now() + sliceMs;
  for (let row = 0, at = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const [red, green, blue] = scene(column / height, row / height);
      data[at++] = red > 255 ? 255 : Math.max(red, 0);
      data[at++] = green > 255 ? 255 : Math.max(green, 0);
      data[at++] = blue > 255 ? 255 : Math.max(blue, 0);
    }
    if (performance.now() > sliceEnd) {
      await nextTurn();
      sliceEnd = performance.now() + sliceMs;
    }
  }
  return { width, height, channels: 3, data };
}

function sceneOf(text: string, input: SceneInput): Scene {
  if (/aurora|northern light|nebula|galaxy|cosmic/i.test(text)) return aurora(input);
  if (/ocean|sea\b|wave|coast|harbou?r|ship|boat|lake/i.test(text)) return sea(input);
  if (/flower|rose|botanic|petal|bouquet|tulip|orchid|blossom|garden|meadow/i.test(text)) return bloom(input);
  if (/forest|wood|tree|jungle|pine/i.test(text)) return ridges(input, { roughness: 3, spikes: 1, water: false });
  if (/mountain|peak|alp|snow|glacier|volcano/i.test(text)) {
    return ridges(input, { roughness: 6, spikes: 0, water: false });
  }
  if (/dune|desert|sand|hill|landscape|sunset|sunrise|dawn|dusk|valley|field|night|moon|star|city/i.test(text)) {
    return ridges(input, { roughness: 2, spikes: 0, water: false });
  }
  const scenes = [
    flow,
    bloom,
    aurora,
    sea,
    (given: SceneInput) => ridges(given, { roughness: 4, spikes: 0, water: true }),
  ];
  return (scenes[hashText(text) % scenes.length] ?? flow)(input);
}

const GRAIN_SIDE = 256;
/** Tiles of grain by their size. */
const grainTiles = new Map<string, Promise<Buffer>>();

/** Full size, sharpened, with film grain: what an enlarged sketch lacks is texture. */
export async function enlarge(small: Raster, width: number, height: number): Promise<Raster> {
  // A tile must not be larger than what it covers.
  const tile = await grainOf(Math.min(GRAIN_SIDE, width), Math.min(GRAIN_SIDE, height));
  const large = await resize(small, width, height, { kernel: "lanczos3" });
  const { data } = await asSharp(large)
    .sharpen({ sigma: 1.1, m1: 0.6, m2: 1.4 })
    .composite([{ input: tile, tile: true, blend: "soft-light" }])
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width, height, channels: 3, data };
}

function grainOf(width: number, height: number): Promise<Buffer> {
  const size = `${width} × ${height}`;
  const tile = grainTiles.get(size) ?? makeGrain(width, height);
  grainTiles.set(size, tile);
  return tile;
}

function makeGrain(width: number, height: number): Promise<Buffer> {
  const side = GRAIN_SIDE;
  const random = createRandom(20_260_822);
  const data = Buffer.allocUnsafe(side * side);
  for (let index = 0; index < data.length; index += 1) data[index] = 128 + (random() + random() - 1) * 34;
  return asSharp({ width: side, height: side, channels: 1, data })
    .extract({ left: 0, top: 0, width, height })
    .toColourspace("srgb")
    .png()
    .toBuffer();
}

/** The picture as it looks at `t` of its sampling (0 = noise, 1 = done): coarse forms come first, noise goes last. */
export async function develop(small: Raster, t: number, seed: number): Promise<Raster> {
  const side = Math.max(small.width, small.height);
  const scale = Math.min(1, 256 / side);
  const width = Math.max(1, Math.round(small.width * scale));
  const height = Math.max(1, Math.round(small.height * scale));
  const share = t ** 0.8;
  const detail = Math.max(6 / side, Math.min(1, 0.04 + share * share));
  const coarse = await resize(
    small,
    Math.max(2, Math.round(small.width * detail)),
    Math.max(2, Math.round(small.height * detail)),
  );
  const forms = await resize(coarse, width, height);
  if (t >= 1) return forms;
  const random = createRandom(seed ^ Math.round(t * 1000));
  const noise = Buffer.allocUnsafe(forms.data.length);
  for (let index = 0; index < noise.length; index += 1) noise[index] = 128 + (random() + random() - 1) * 150;
  return blend({ ...forms, data: noise }, forms, 0.12 + 0.88 * share);
}
