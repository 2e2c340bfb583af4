/** The workflows that every installation begins with. Their texts come from the database as anybody's do, and are in the catalogues. */
export const bundledSlugs: ReadonlySet<string> = new Set([
  "text-to-image",
  "text-to-image-qwen",
  "image-to-image",
  "inpaint",
  "upscale",
  "upscale-model",
  "text-to-video",
  "test-card",
]);
