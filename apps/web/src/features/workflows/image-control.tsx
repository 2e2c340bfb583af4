"use client";

import { type ImageInput, thumbnailUrl } from "@darkroom/contracts";
import { ImageUp, X } from "lucide-react";
import { type ClipboardEvent, type DragEvent, useEffect, useRef, useState } from "react";
import { IconButton } from "../../ui/button.tsx";
import { cx } from "../../ui/class-names.ts";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import type { PictureNote } from "./stored-draft.ts";
import { uploadImage } from "./upload.ts";

interface ImageControlProps {
  readonly id: string;
  readonly label: string;
  readonly value: ImageInput | undefined;
  /** What is known of the value, when it was uploaded from here. */
  readonly note: PictureNote | undefined;
  readonly describedBy?: string;
  readonly isInvalid: boolean;
  readonly onChange: (value: ImageInput | undefined, note?: PictureNote) => void;
  /** A file begins to go up, or does not any more; until then the value is the one before it. */
  readonly onUploading: (isUploading: boolean) => void;
}

/** One image: dropped, pasted or chosen; shown while it goes up and after. */
export function ImageControl({
  id,
  label,
  value,
  note,
  describedBy,
  isInvalid,
  onChange,
  onUploading,
}: ImageControlProps) {
  const [percent, setPercent] = useState<number | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isOver, setIsOver] = useState(false);
  const running = useRef<AbortController>(null);
  useEffect(() => () => running.current?.abort(), []);

  useEffect(() => {
    if (percent === null) return;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [percent]);

  async function take(file: File | undefined): Promise<void> {
    if (file === undefined) return;
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    setProblem(null);
    setPercent(0);
    onUploading(true);
    try {
      const { uploadId, note: taken } = await uploadImage(file, { onProgress: setPercent, signal: controller.signal });
      onChange({ uploadId }, taken);
    } catch (error) {
      if (!controller.signal.aborted)
        setProblem(error instanceof Error ? error.message : "The image could not be uploaded.");
    } finally {
      if (running.current === controller) {
        setPercent(null);
        onUploading(false);
      }
    }
  }

  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setIsOver(false);
    void take(event.dataTransfer.files[0]);
  };
  const paste = (event: ClipboardEvent): void => {
    const file = event.clipboardData.files[0];
    if (file === undefined) return;
    event.preventDefault();
    void take(file);
  };

  const picture =
    value === undefined ? undefined : "outputId" in value ? thumbnailUrl(value.outputId) : note?.thumbnail;
  return (
    <div className="space-y-1.5">
      <section
        aria-label={`${label}: drop or paste a file here`}
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={drop}
        onPaste={paste}
        className={cx(
          "relative overflow-hidden rounded-xl border border-dashed transition-colors focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-safelight",
          isOver ? "border-safelight bg-safelight/10" : isInvalid ? "border-bad" : "border-edge hover:border-muted",
        )}
      >
        <input
          id={id}
          type="file"
          accept="image/png,image/jpeg,image/webp,image/gif,image/avif,image/bmp"
          aria-describedby={describedBy}
          aria-invalid={isInvalid}
          className="absolute inset-0 cursor-pointer opacity-0"
          onChange={(event) => {
            void take(event.target.files?.[0]);
            event.target.value = "";
          }}
        />
        <div className="pointer-events-none flex min-h-24 items-center gap-4 p-3">
          {picture === undefined ? (
            <span className="paper grid size-18 shrink-0 place-items-center rounded-lg text-muted">
              <ImageUp aria-hidden className="size-6" />
            </span>
          ) : (
            // biome-ignore lint/performance/noImgElement: a data URL or a thumbnail of our own
            <img
              src={picture}
              alt={`Chosen for ${label}`}
              className="size-18 shrink-0 rounded-lg bg-mat object-contain"
            />
          )}
          <div className="min-w-0 flex-1 text-sm">
            {percent !== null ? (
              <div className="space-y-2">
                <p className="tabular-nums">Uploading, {Math.round(percent)} %</p>
                <ProgressBar percent={percent} label={`Upload of ${label}`} valueText={`${Math.round(percent)} %`} />
              </div>
            ) : value === undefined ? (
              <>
                <p className="font-medium">Drop, paste or choose an image</p>
                <p className="text-xs text-faint">PNG, JPEG or WebP, at most 20 MB</p>
              </>
            ) : (
              <>
                <p className="truncate pr-9 font-medium">{note?.name ?? "A picture of yours"}</p>
                <p className="text-xs text-faint tabular-nums">
                  {note === undefined ? "Choose another to replace it" : `${note.width} × ${note.height}`}
                </p>
              </>
            )}
          </div>
        </div>
        {value !== undefined && percent === null && (
          <IconButton
            label={`Remove the ${label.toLowerCase()}`}
            className="absolute top-2 right-2 size-8"
            onClick={() => onChange(undefined)}
          >
            <X aria-hidden className="size-4" />
          </IconButton>
        )}
      </section>
      {problem !== null && (
        <p role="alert" className="text-sm text-bad">
          {problem}
        </p>
      )}
    </div>
  );
}
