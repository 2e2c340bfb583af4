import { type GraphNode, loadsPictureAsText, type Media, type NodeInput } from "@darkroom/contracts";

/** What a person would have to send for an input that names a file of theirs. */
export type FileMedia = Media | "image path" | "latent";

const mediaOf: readonly [RegExp, FileMedia][] = [
  [/ImagePath/, "image path"],
  [/video/i, "video"],
  [/audio|sound/i, "audio"],
  [/3d|mesh|glb/i, "3d"],
  [/latent/i, "latent"],
];
/** Classes whose file is known by their name, where no backend describes them. */
const ownLoaders = /^(VHS_)?Load(Image|Video|Audio|Latent|3D)/;
const fileInputs = /^(image|video|file|audio|latent)$/;

/** What the input's file is; null for an input that takes none. `fact` is what a backend says of it, if one does. */
export function mediaAt(node: GraphNode, input: string, fact: NodeInput | null): FileMedia | null {
  if (loadsPictureAsText(node, input)) return "image";
  if (input === "model_file") return fact?.upload === true || ownLoaders.test(node.class_type) ? "3d" : null;
  // Beside its file this loader has what ComfyUI's page draws of it, called `image`.
  const isOwn = ownLoaders.test(node.class_type) && !/^Load3D/.test(node.class_type);
  if (fact?.upload !== true && !(isOwn && fileInputs.test(input))) return null;
  return mediaOf.find(([pattern]) => pattern.test(node.class_type))?.[1] ?? "image";
}
