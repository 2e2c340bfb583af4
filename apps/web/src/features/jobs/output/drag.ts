import { outputUrl } from "@darkroom/contracts";
import type { DragEvent } from "react";

/** The type under which our pictures are dragged; browsers tell types while something is dragged, and values when it is dropped. */
export const OUTPUT_TYPE = "application/x-darkroom-output";

/** What a picture that is dragged carries: for our own fields its id, for everything else its address. */
export function drag({ dataTransfer }: DragEvent, outputId: string): void {
  dataTransfer.setData(OUTPUT_TYPE, outputId);
  dataTransfer.setData("text/uri-list", new URL(outputUrl(outputId), window.location.href).href);
  dataTransfer.effectAllowed = "copy";
}
