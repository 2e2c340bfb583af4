"use client";

import { type ImageInput, type Media, outputUrl, thumbnailUrl, uploadUrl } from "@darkroom/contracts";
import { Box, Brush, Film, ImageUp, type LucideIcon, Music, X } from "lucide-react";
import { type ClipboardEvent, type DragEvent, useEffect, useRef, useState } from "react";
import { inSentence, t } from "../../../language/say.ts";
import { useSystem } from "../../../trpc/hooks/account/use-session.ts";
import { Button, IconButton } from "../../../ui/button.tsx";
import { cx } from "../../../ui/class-names.ts";
import { later } from "../../../ui/later.tsx";
import { Problem } from "../../../ui/problem.tsx";
import { ProgressBar } from "../../../ui/progress-bar.tsx";
import { ModelView } from "../../jobs/output/model-view.tsx";
import { droppedIn } from "../dropped.ts";
import type { FileNote } from "../stored-draft.ts";
import { megabytes, sizeProblem, uploadFile } from "../upload.ts";

/** Loaded when a mask is painted. */
const MaskEditor = later(() => import("../mask/mask-editor.tsx").then((module) => module.MaskEditor));

/** What the control takes, by what it is for. */
const takes: Readonly<Record<Media, { icon: LucideIcon; accept: string }>> = {
  image: { icon: ImageUp, accept: "image/png,image/jpeg,image/webp,image/gif,image/avif,image/bmp" },
  video: { icon: Film, accept: "video/*,.mkv" },
  audio: { icon: Music, accept: "audio/*,.flac,.opus" },
  "3d": { icon: Box, accept: ".glb,.gltf,.obj,.stl,.ply,.fbx" },
};

/** What the control says of it. */
const texts = (): Readonly<Record<Media, { wish: string; kinds: string; mine: string }>> => ({
  image: {
    wish: t`Drop, paste or choose an image`,
    kinds: t`PNG, JPEG or WebP`,
    mine: t`A picture of yours`,
  },
  video: {
    wish: t`Drop, paste or choose a video`,
    kinds: t`MP4, MOV, WebM or MKV`,
    mine: t`A video of yours`,
  },
  audio: {
    wish: t`Drop, paste or choose a sound`,
    kinds: t`MP3, WAV, FLAC, Ogg or M4A`,
    mine: t`A sound of yours`,
  },
  "3d": {
    wish: t`Drop, paste or choose a 3D model`,
    kinds: t`GLB, glTF in one file, OBJ, STL, PLY or FBX`,
    mine: t`A 3D model of yours`,
  },
});

interface FileControlProps {
  readonly id: string;
  readonly label: string;
  readonly media: Media;
  readonly value: ImageInput | undefined;
  /** What is known of the value, when it was uploaded from here. */
  readonly note: FileNote | undefined;
  /** The picture that this one is the mask of, to paint over; null: a mask whose picture is not chosen yet. */
  readonly masked?: ImageInput | null | undefined;
  readonly describedBy?: string;
  readonly isInvalid: boolean;
  readonly onChange: (value: ImageInput | undefined, note?: FileNote) => void;
  /** A file begins to go up, or does not any more; until then the value is the one before it. */
  readonly onUploading: (isUploading: boolean) => void;
}

/** One image, video, sound or 3D model: dropped, pasted or chosen; shown while it goes up and after. */
export function FileControl({
  id,
  label,
  media,
  value,
  note,
  masked,
  describedBy,
  isInvalid,
  onChange,
  onUploading,
}: FileControlProps) {
  const [percent, setPercent] = useState<number | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isOver, setIsOver] = useState(false);
  const [isPainting, setIsPainting] = useState(false);
  const maxBytes = useSystem()?.maxFileBytes[media];
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
    const tooLarge = sizeProblem(file.size, media, maxBytes);
    if (tooLarge !== null) return setProblem(tooLarge);
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    setProblem(null);
    setPercent(0);
    onUploading(true);
    try {
      const sent = masked === undefined ? file : await (await import("../mask/as-mask.ts")).asMask(file);
      const { uploadId, note: taken } = await uploadFile(sent, media, {
        onProgress: setPercent,
        signal: controller.signal,
      });
      onChange({ uploadId }, taken);
    } catch (error) {
      if (!controller.signal.aborted)
        setProblem(error instanceof Error ? error.message : t`The file could not be uploaded.`);
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
    const dropped = droppedIn(event.dataTransfer);
    if (dropped?.kind === "output") onChange({ outputId: dropped.outputId });
    else void take(dropped?.file);
  };
  const paste = (event: ClipboardEvent): void => {
    const file = event.clipboardData.files[0];
    if (file === undefined) return;
    event.preventDefault();
    void take(file);
  };

  const { icon: Icon, accept } = takes[media];
  const { wish, kinds, mine } = texts()[media];
  const picture =
    value === undefined || media !== "image"
      ? null
      : "outputId" in value
        ? thumbnailUrl(value.outputId)
        : (note?.thumbnail ?? uploadUrl(value.uploadId, 384));
  return (
    <div className="space-y-1.5">
      <section
        aria-label={t`${label}: drop or paste a file here`}
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
          accept={accept}
          aria-describedby={describedBy}
          aria-invalid={isInvalid}
          className="absolute inset-0 cursor-pointer opacity-0"
          onChange={(event) => {
            void take(event.target.files?.[0]);
            event.target.value = "";
          }}
        />
        <div className="pointer-events-none flex min-h-24 items-center gap-4 p-3">
          {picture === null ? (
            <span className="paper grid size-18 shrink-0 place-items-center rounded-lg text-muted">
              <Icon aria-hidden className={cx("size-6", value !== undefined && "text-safelight")} />
            </span>
          ) : (
            // biome-ignore lint/performance/noImgElement: a data URL or a thumbnail of our own
            <img
              src={picture}
              alt={t`Chosen for ${label}`}
              className="size-18 shrink-0 rounded-lg bg-mat object-contain"
            />
          )}
          <div className="min-w-0 flex-1 text-sm">
            {percent !== null ? (
              <div className="space-y-2">
                <p className="tabular-nums">{t`Uploading, ${Math.round(percent)} %`}</p>
                <ProgressBar percent={percent} label={t`Upload of ${label}`} valueText={`${Math.round(percent)} %`} />
              </div>
            ) : value === undefined ? (
              <>
                <p className="font-medium">{wish}</p>
                <p className="text-xs text-faint">
                  {maxBytes === undefined ? kinds : t`${kinds}, at most ${megabytes(maxBytes)}`}
                </p>
              </>
            ) : (
              <>
                <p className="truncate pr-9 font-medium">{note?.name ?? mine}</p>
                <p className="text-xs text-faint tabular-nums">
                  {note?.width == null ? t`Choose another to replace it` : `${note.width} × ${note.height}`}
                </p>
              </>
            )}
          </div>
        </div>
        {value !== undefined && percent === null && (
          <IconButton
            label={t`Remove the ${inSentence(label)}`}
            className="absolute top-2 right-2 size-8"
            onClick={() => onChange(undefined)}
          >
            <X aria-hidden className="size-4" />
          </IconButton>
        )}
      </section>
      {masked === null && value === undefined && (
        <p className="text-xs text-faint">{t`Once the image is chosen, its mask can be painted here.`}</p>
      )}
      {masked != null && (
        <Button size="small" onClick={() => setIsPainting(true)}>
          <Brush aria-hidden className="size-3.5" /> {value === undefined ? t`Paint the mask` : t`Change the mask`}
        </Button>
      )}
      {isPainting && masked != null && (
        <MaskEditor
          pictureUrl={urlOf(masked)}
          maskUrl={value === undefined ? null : urlOf(value)}
          onDone={(mask) => void take(mask)}
          onClose={() => setIsPainting(false)}
        />
      )}
      {media === "3d" && value !== undefined && (
        <ModelPreview key={urlOf(value)} url={urlOf(value)} label={t`Chosen for ${label}`} />
      )}
      <Problem>{problem}</Problem>
    </div>
  );
}

function urlOf(value: ImageInput): string {
  return "uploadId" in value ? uploadUrl(value.uploadId) : outputUrl(value.outputId);
}

/** The chosen 3D model, to turn around; nothing where the browser cannot show it. */
function ModelPreview({ url, label }: { url: string; label: string }) {
  const [isShown, setIsShown] = useState(true);
  return (
    isShown && (
      <div className="paper relative h-56 overflow-hidden rounded-xl border">
        <ModelView file={{ url }} label={label} onImpossible={() => setIsShown(false)}>
          {null}
        </ModelView>
      </div>
    )
  );
}
