import { t } from "../../../language/say.ts";

interface Side {
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  readonly default?: number;
}

export interface SizePreset {
  readonly name: string;
  readonly width: number;
  readonly height: number;
}

const shapes = () => [
  { name: t`Square`, width: 1, height: 1 },
  { name: t`Portrait`, width: 3, height: 4 },
  { name: t`Landscape`, width: 4, height: 3 },
  { name: t`Wide`, width: 16, height: 9 },
];

function snap(value: number, { min, max, step = 1 }: Side): number {
  const steps = Math.round((Math.min(max, Math.max(min, value)) - min) / step);
  return Math.min(max, min + steps * step);
}

/** Sizes of the usual shapes within the bounds; the longer side is the workflow's own default. */
export function sizePresets(width: Side, height: Side): SizePreset[] {
  const long = Math.max(width.default ?? width.min, height.default ?? height.min);
  return shapes().map((shape) => {
    const scale = long / Math.max(shape.width, shape.height);
    return { name: shape.name, width: snap(shape.width * scale, width), height: snap(shape.height * scale, height) };
  });
}
