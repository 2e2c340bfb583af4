/**
 * A picture as a mask: where it has transparent parts, as ComfyUI's own masks do, those are white and all else is black. One that
 * has none is a mask already, and one that the browser can't read is left to the server.
 */
export async function asMask(file: File): Promise<File> {
  const picture = await createImageBitmap(file).catch(() => null);
  if (picture === null) return file;
  const { width, height } = picture;
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context?.drawImage(picture, 0, 0);
  const image = context?.getImageData(0, 0, width, height);
  picture.close();
  if (image === undefined || !whitenTransparent(image.data)) return file;
  context?.putImageData(image, 0, 0);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  return blob === null ? file : new File([blob], "mask.png", { type: "image/png" });
}

/** Makes pixels (RGBA) black, and white as far as they are transparent. False, and nothing changed, if none is. */
export function whitenTransparent(pixels: Uint8ClampedArray): boolean {
  if (!pixels.some((value, at) => at % 4 === 3 && value < 255)) return false;
  for (let at = 0; at < pixels.length; at += 4) {
    pixels.fill(255 - (pixels[at + 3] ?? 255), at, at + 3);
    pixels[at + 3] = 255;
  }
  return true;
}
