// Apart from `workflow.ts` because pages import this, and would get zod with the schemas.

/** A reference to a file that is already ours (a picture, video, sound or 3D model), by its id in any case. */
export type ImageInput = { uploadId: string } | { outputId: string };

export type InputValue = string | number | boolean | ImageInput;
export type InputValues = Readonly<Record<string, InputValue>>;

const uuid =
  /^([0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|0{8}-0{4}-0{4}-0{4}-0{12}|f{8}-f{4}-f{4}-f{4}-f{12})$/i;

/** True for `{ uploadId }` and `{ outputId }`: exactly for what `imageInputSchema` takes. */
export function isImageInput(value: unknown): value is ImageInput {
  if (typeof value !== "object" || value === null) return false;
  const [[key, id] = [], ...others] = Object.entries(value);
  return others.length === 0 && (key === "uploadId" || key === "outputId") && typeof id === "string" && uuid.test(id);
}
