"use client";

import type { Output } from "@darkroom/contracts";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Skeleton } from "../../../ui/skeleton.tsx";

/** Larger models are downloaded: a phone has not the memory to show them. */
const MAX_SHOWN_BYTES = 64 * 1024 * 1024;

/** A glTF that is not one file (`model/gltf+json`) has its numbers and pictures elsewhere, and is downloaded. */
const shownTypes: ReadonlySet<string> = new Set(["model/gltf-binary", "model/obj", "model/stl", "model/ply"]);

interface ModelViewProps {
  readonly output: Output;
  readonly label: string;
  /** What stands in its place where it cannot be shown. */
  readonly children: ReactNode;
}

/** A 3D model to turn around, with mouse, fingers or arrow keys. The viewer is loaded with the first model. */
export function ModelView({ output, label, children }: ModelViewProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [state, setState] = useState<"loading" | "shown" | "impossible">("loading");
  const isPossible = shownTypes.has(output.mimeType) && output.sizeBytes <= MAX_SHOWN_BYTES;
  useEffect(() => {
    if (!isPossible || canvas.current === null) return;
    const controller = new AbortController();
    import("./show-model.ts")
      .then(({ showModel }) => canvas.current && showModel(canvas.current, output, controller.signal))
      .then(
        () => !controller.signal.aborted && setState("shown"),
        () => !controller.signal.aborted && setState("impossible"),
      );
    return () => controller.abort();
  }, [isPossible, output]);
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
