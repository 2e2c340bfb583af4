"use client";

import { textOfFile } from "@darkroom/contracts";
import { FileJson } from "lucide-react";
import { type DragEvent, useState } from "react";
import { Button } from "../../../ui/button.tsx";
import { cx } from "../../../ui/class-names.ts";
import { Notice } from "../../../ui/notice.tsx";
import { isPng, promptInPng } from "./prompt-in-png.ts";

interface GraphDropProps {
  readonly isBusy: boolean;
  /** Why the last graph was refused. */
  readonly problem: string | null;
  /** `name` is the file's, without its ending; null for pasted text. */
  readonly onGraph: (text: string, name: string | null) => void;
}

/** Takes a graph: a file dropped or chosen, a picture that carries its graph, or pasted text. */
export function GraphDrop({ isBusy, problem, onGraph }: GraphDropProps) {
  const [text, setText] = useState("");
  const [isOver, setIsOver] = useState(false);
  const [unread, setUnread] = useState<string | null>(null);

  async function take(file: File | undefined): Promise<void> {
    if (file === undefined) return;
    const bytes = new Uint8Array(await file.arrayBuffer());
    const graph = isPng(bytes) ? promptInPng(bytes) : textOfFile(bytes);
    setUnread(
      graph === null
        ? "This picture carries no graph. Pictures saved by ComfyUI do, unless they were edited or sent through a messenger."
        : null,
    );
    if (graph !== null) onGraph(graph, file.name.replace(/\.[a-z]+$/i, ""));
  }

  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setIsOver(false);
    void take(event.dataTransfer.files[0]);
  };
  const trouble = unread ?? problem;
  return (
    <div className="space-y-5">
      <section
        aria-label="Drop a workflow here"
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
          aria-label="Workflow file"
          accept=".json,application/json,image/png"
          className="absolute inset-0 cursor-pointer opacity-0"
          onChange={(event) => {
            void take(event.target.files?.[0]);
            event.target.value = "";
          }}
        />
        <FileJson aria-hidden className="size-9 text-safelight" strokeWidth={1.25} />
        <p className="font-display text-2xl">Drop a workflow, or choose a file</p>
        <p className="max-w-md text-sm text-muted">
          The JSON that ComfyUI writes with File → Export Workflow (API), or a PNG that ComfyUI has saved.
        </p>
      </section>
      {trouble !== null && <Notice title="This can't be imported.">{trouble}</Notice>}
      <div className="space-y-2">
        <label htmlFor="graph-text" className="text-sm font-medium">
          Or paste the JSON
        </label>
        <textarea
          id="graph-text"
          rows={6}
          spellCheck={false}
          className="field max-h-96 resize-y font-mono text-xs"
          placeholder={'{ "3": { "class_type": "KSampler", "inputs": { … } } }'}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button look="primary" disabled={isBusy || text.trim() === ""} onClick={() => onGraph(text, null)}>
          {isBusy ? "Reading…" : "Read this workflow"}
        </Button>
      </div>
    </div>
  );
}
