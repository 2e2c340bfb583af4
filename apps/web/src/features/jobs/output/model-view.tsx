"use client";

import { type ReactNode, useEffect, useEffectEvent, useRef, useState } from "react";
import { Skeleton } from "../../../ui/skeleton.tsx";

/** Larger models are downloaded: a phone has not the memory to show them. */
const MAX_SHOWN_BYTES = 64 * 1024 * 1024;

/** A glTF that is not one file (`model/gltf+json`) has its numbers and pictures elsewhere, and is downloaded. */
const shownTypes: ReadonlySet<string> = new Set(["model/gltf-binary", "model/obj", "model/stl", "model/ply"]);

/** A 3D model by its address. What is not known of it, its server says when it is fetched. */
export interface ModelFile {
  readonly url: string;
  readonly mimeType?: string;
  readonly sizeBytes?: number;
}

interface ModelViewProps {
  readonly file: ModelFile;
  readonly label: string;
  /** It turned out that it cannot be shown. */
  readonly onImpossible?: () => void;
  /** What stands in its place where it cannot be shown. */
  readonly children: ReactNode;
}

/** Whether a model of this type and size is shown; what is not known speaks for it. */
function isShown(mimeType = "model/gltf-binary", sizeBytes = 0): boolean {
  return shownTypes.has(mimeType) && sizeBytes <= MAX_SHOWN_BYTES;
}

/** A 3D model to turn around, with mouse, fingers or arrow keys. The viewer is loaded with the first model. */
export function ModelView({ file, label, onImpossible, children }: ModelViewProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [state, setState] = useState<"loading" | "shown" | "impossible">("loading");
  const { url, mimeType, sizeBytes } = file;
  const isPossible = isShown(mimeType, sizeBytes);
  const tell = useEffectEvent(() => onImpossible?.());
  useEffect(() => {
    if (!isPossible || canvas.current === null) return;
    const controller = new AbortController();
    import("./show-model.ts")
      .then(({ showModel }) => canvas.current && showModel(canvas.current, url, { isShown, signal: controller.signal }))
      .then(
        () => !controller.signal.aborted && setState("shown"),
        () => {
          if (controller.signal.aborted) return;
          setState("impossible");
          tell();
        },
      );
    return () => controller.abort();
  }, [isPossible, url]);
  if (!isPossible || state === "impossible") return children;
  return (
    <>
      {state === "loading" && <Skeleton className="absolute inset-0" />}
      <canvas
        ref={canvas}
        // The arrow keys turn it.
        tabIndex={0}
        role="img"
        aria-label={label}
        className="absolute inset-0 size-full cursor-grab touch-none -outline-offset-4 active:cursor-grabbing"
      />
    </>
  );
}
