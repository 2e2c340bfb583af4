import { OUTPUT_TYPE } from "../jobs/output/drag.ts";

/** What somebody dropped or pasted: a file, or one of the pictures that are here already. */
export type Dropped =
  | { readonly kind: "file"; readonly file: File }
  | { readonly kind: "output"; readonly outputId: string };

const OUTPUT_URL = /\/api\/outputs\/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/i;

type Transfer = Pick<DataTransfer, "getData"> & { readonly files: ArrayLike<File> };

/**
 * What a drop or a paste carries; null: nothing for us. Our own picture goes first: some browsers add a copy of a dragged
 * picture as a file, often of a smaller size, and it need not be sent again.
 */
export function droppedIn(transfer: Transfer): Dropped | null {
  const ours = transfer.getData(OUTPUT_TYPE) || OUTPUT_URL.exec(transfer.getData("text/uri-list"))?.[1];
  if (ours) return { kind: "output", outputId: ours.toLowerCase() };
  const [file] = Array.from(transfer.files);
  return file === undefined ? null : { kind: "file", file };
}

/** Whether something is being dragged that a page would take; links and texts are the browser's. */
export const isTaken = (types: readonly string[]): boolean => types.includes("Files") || types.includes(OUTPUT_TYPE);
