"use client";

import { useEffect, useRef } from "react";
import { Button } from "../../ui/button.tsx";

export interface Difference {
  readonly kind: string;
  readonly message: string;
}

interface DriftDialogProps {
  /** What is not as it was. */
  readonly differences: readonly Difference[];
  readonly onRun: () => void;
  /** Also after `onRun`. */
  readonly onClose: () => void;
}

/** Says what has changed since a job was made, and asks whether to run it again all the same. */
export function DriftDialog({ differences, onRun, onClose }: DriftDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const close = (): void => dialog.current?.close();
  const isGone = differences.some(({ kind }) => kind === "node-gone" || kind === "model-gone");
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby="drift-title"
      onClose={onClose}
      className="panel m-auto! w-[min(32rem,calc(100vw-2rem))] space-y-4 p-6 text-ink shadow-print backdrop:bg-black/60 open:animate-rise"
    >
      <h2 id="drift-title" className="font-display text-xl">
        Not everything is as it was
      </h2>
      <ul className="list-disc space-y-1.5 pl-5 text-sm text-muted">
        {differences.map(({ message }) => (
          <li key={message} className="break-words">
            {message}
          </li>
        ))}
      </ul>
      <p className="text-sm">
        {isGone ? "As it was, it cannot run on what is connected now." : "The picture may come out differently."}
      </p>
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={close}>Leave it</Button>
        <Button
          look="primary"
          onClick={() => {
            close();
            onRun();
          }}
        >
          Run anyway
        </Button>
      </div>
    </dialog>
  );
}
