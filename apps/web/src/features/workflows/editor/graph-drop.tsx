"use client";

import type { Parameters } from "@darkroom/workflow-files";
import { FileJson } from "lucide-react";
import { type DragEvent, useState } from "react";
import { t } from "../../../language/say.ts";
import { Button } from "../../../ui/button.tsx";
import { cx } from "../../../ui/class-names.ts";
import { Notice } from "../../../ui/notice.tsx";
import { OtherProgram } from "./other-program.tsx";

interface GraphDropProps {
  readonly isBusy: boolean;
  /** Why the last graph was refused. */
  readonly problem: string | null;
  /** `name` is the file's, without its ending; null for pasted text, and for a workflow that brings its own. */
  readonly onGraph: (text: string, name: string | null) => void;
}

const EXAMPLE = '{ "nodes": [ … ], "links": [ … ] }';

// Loaded with the first file: it knows every kind of file, and the form that one of ours brings.
const loadReader = () => import("./read-graph.ts");

/** A file that gave no graph: why, or what another program wrote into it. */
type Unread = { readonly why: string } | { readonly parameters: Parameters };

/** Takes a graph: from a file that carries it, dropped or chosen, or as pasted text. Of a file only the graph leaves the browser. */
export function GraphDrop({ isBusy, problem, onGraph }: GraphDropProps) {
  const [text, setText] = useState("");
  const [isOver, setIsOver] = useState(false);
  const [isReading, setIsReading] = useState(false);
  const [unread, setUnread] = useState<Unread | null>(null);

  async function take(file: File | undefined): Promise<void> {
    if (file === undefined) return;
    setUnread(null);
    setIsReading(true);
    const read = await loadReader()
      .then(
        ({ readGraph }) => readGraph(file),
        () => ({ why: t`The script that reads files could not be loaded. Check your network and try again.` }),
      )
      .finally(() => setIsReading(false));
    if ("graph" in read) onGraph(read.graph, read.name);
    else setUnread(read);
  }

  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setIsOver(false);
    void take(event.dataTransfer.files[0]);
  };
  const paste = (): void => {
    setUnread(null);
    onGraph(text, null);
  };
  const trouble = unread === null ? problem : "why" in unread ? unread.why : null;
  return (
    <div className="space-y-5">
      <section
        aria-label={t`Drop a workflow here`}
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={drop}
        className={cx(
          "paper relative flex flex-col items-center gap-3 rounded-2xl border border-dashed px-6 py-12 text-center transition-colors focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-safelight",
          isOver ? "border-safelight" : "border-edge hover:border-muted",
        )}
      >
        <input
          type="file"
          aria-label={t`Workflow file`}
          className="absolute inset-0 cursor-pointer opacity-0"
          onChange={(event) => {
            void take(event.target.files?.[0]);
            event.target.value = "";
          }}
        />
        <FileJson aria-hidden className="size-9 text-safelight" strokeWidth={1.25} />
        <p className="font-display text-2xl">
          {isReading ? t`Reading the file…` : t`Drop a workflow, or choose any file that ComfyUI made`}
        </p>
        <p className="max-w-md text-sm text-muted">
          {t`The JSON that it saves or exports, or what it made: PNG, WebP, JPEG, AVIF, GIF, TIFF, MP4, MOV, WebM, MKV, FLAC, Opus, Ogg, MP3, WAV, GLB, SVG, EXR or latent. It is read in your browser, and only the workflow is sent.`}
        </p>
      </section>
      {trouble !== null && <Notice title={t`This can't be imported.`}>{trouble}</Notice>}
      {unread !== null && "parameters" in unread && <OtherProgram parameters={unread.parameters} />}
      <div className="space-y-2">
        <label htmlFor="graph-text" className="text-sm font-medium">
          {t`Or paste the JSON`}
        </label>
        <textarea
          id="graph-text"
          rows={6}
          spellCheck={false}
          className="field max-h-96 resize-y font-mono text-xs"
          placeholder={EXAMPLE}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button look="primary" disabled={isBusy || text.trim() === ""} onClick={paste}>
          {isBusy ? t`Reading…` : t`Read this workflow`}
        </Button>
      </div>
    </div>
  );
}
