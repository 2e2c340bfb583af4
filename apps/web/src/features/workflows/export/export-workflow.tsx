"use client";

import { graphText } from "@darkroom/contracts";
import { pngWithTexts } from "@darkroom/workflow-files";
import { Braces, Image as ImageIcon, type LucideIcon, Share2, Workflow, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useModal } from "../../../hooks/use-modal.ts";
import { t, tServer } from "../../../language/say.ts";
import { type ExportedWorkflow, useExport } from "../../../trpc/hooks/workflows/use-workflow-edits.ts";
import { Button, IconButton } from "../../../ui/button.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { Skeleton } from "../../../ui/skeleton.tsx";
import { drawWorkflow } from "./draw-workflow.ts";

interface ExportProps {
  readonly slug: string;
  readonly name: string;
  readonly version: number;
}

/** Opens what a version can be saved as, to give it to somebody else or to open it in ComfyUI. */
export function ExportWorkflow(props: ExportProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setIsOpen(true)}>
        <Share2 aria-hidden className="size-4" /> {t`Export`}
      </Button>
      {isOpen && <ExportDialog {...props} onClose={() => setIsOpen(false)} />}
    </>
  );
}

function ExportDialog({ slug, name, version, onClose }: ExportProps & { onClose: () => void }) {
  const { exported, error, retry } = useExport(slug, version);
  const { dialog, close } = useModal();
  return (
    <dialog
      ref={dialog}
      aria-labelledby="export-heading"
      onClose={onClose}
      className="panel m-auto! max-h-[calc(100dvh-2rem)] w-[min(40rem,calc(100vw-2rem))] overflow-y-auto p-0 text-ink shadow-print backdrop:bg-black/60 open:animate-rise"
    >
      <header className="flex items-start justify-between gap-3 p-5 pb-4 sm:px-6">
        <div className="min-w-0">
          <h2 id="export-heading" className="font-display text-2xl break-words">
            {t`Export ${name}`}
          </h2>
          <p className="text-sm text-muted">{t`Version ${version}, without jobs or pictures of anybody.`}</p>
        </div>
        <IconButton label={t`Close`} onClick={close}>
          <X aria-hidden className="size-5" />
        </IconButton>
      </header>
      <div className="space-y-4 px-5 pb-5 sm:px-6 sm:pb-6">
        {error !== null && (
          <Notice
            title={t`The workflow could not be loaded.`}
            action={<Button onClick={() => void retry()}>{t`Try again`}</Button>}
          >
            {error.message}
          </Notice>
        )}
        {exported === undefined ? (
          error === null && <Skeleton className="h-96 rounded-xl" />
        ) : (
          <Files exported={exported} name={name} />
        )}
      </div>
    </dialog>
  );
}

/** The picture as it will be, and the three files. */
function Files({ exported, name }: { exported: ExportedWorkflow; name: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current !== null) drawWorkflow(canvas.current, exported, name);
  }, [exported, name]);
  const file = `${exported.slug}-${exported.version}`;
  const prompt = graphText(exported.prompt, 2);
  const workflow = graphText(exported.workflow, 2);
  const json = (text: string): Blob => new Blob([text], { type: "application/json" });
  const savePicture = (): void =>
    canvas.current?.toBlob(async (blob) => {
      if (blob === null) return;
      const texts = { prompt: graphText(exported.prompt), workflow: graphText(exported.workflow) };
      saveFile(`${file}.png`, pngWithTexts(new Uint8Array(await blob.arrayBuffer()), texts));
    }, "image/png");
  return (
    <>
      <div className="paper grid place-items-center overflow-hidden rounded-xl border">
        <canvas
          ref={canvas}
          role="img"
          aria-label={t`The nodes of ${name} and the links between them`}
          className="block max-h-[38dvh] max-w-full animate-develop"
        />
      </div>
      <ul className="divide-y overflow-hidden rounded-xl border">
        <FileChoice
          icon={Workflow}
          title={t`For ComfyUI’s editor`}
          ending="JSON"
          what={t`With positions, titles and this form. Opened in Darkroom, it is the same workflow again.`}
          onSave={() => saveFile(`${file}-workflow.json`, json(workflow))}
        />
        <FileChoice
          icon={Braces}
          title={t`For ComfyUI’s API`}
          ending="JSON"
          what={t`What a server runs, for scripts and services. Without positions and form.`}
          onSave={() => saveFile(`${file}-api.json`, json(prompt))}
        />
        <FileChoice
          icon={ImageIcon}
          title={t`As a picture`}
          ending="PNG"
          what={t`The drawing above, with both of them inside. Drop it on ComfyUI or on Darkroom.`}
          onSave={savePicture}
        />
      </ul>
      {exported.notes.length > 0 && (
        <ul className="space-y-1.5 rounded-xl border border-warn/40 bg-warn/8 p-3.5 text-sm text-muted">
          {exported.notes.map((note) => (
            <li key={note}>{tServer(note)}</li>
          ))}
        </ul>
      )}
    </>
  );
}

interface FileChoiceProps {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly ending: string;
  readonly what: string;
  readonly onSave: () => void;
}

function FileChoice({ icon: Icon, title, ending, what, onSave }: FileChoiceProps) {
  return (
    <li>
      <button
        type="button"
        onClick={onSave}
        className="group flex w-full items-center gap-4 px-4 py-3.5 text-left transition-colors hover:bg-raised focus-visible:-outline-offset-2"
      >
        <Icon aria-hidden className="size-6 shrink-0 text-safelight" strokeWidth={1.5} />
        <span className="min-w-0 flex-1">
          <span className="block font-medium">{title}</span>
          <span className="block text-sm text-muted">{what}</span>
        </span>
        <span className="shrink-0 rounded-md border px-1.5 py-0.5 font-mono text-xs text-faint group-hover:border-edge group-hover:text-ink">
          {ending}
        </span>
      </button>
    </li>
  );
}

function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
