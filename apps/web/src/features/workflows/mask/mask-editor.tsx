"use client";

import { Brush, Contrast, Eraser, Expand, PaintBucket, Redo2, Trash2, Undo2 } from "lucide-react";
import { type CSSProperties, type KeyboardEvent, type ReactNode, useState } from "react";
import { hasSingleKeys } from "../../../hooks/single-keys.ts";
import { useModal } from "../../../hooks/use-modal.ts";
import { t } from "../../../language/say.ts";
import { announce } from "../../../ui/announcer.tsx";
import { Button } from "../../../ui/button.tsx";
import { cx } from "../../../ui/class-names.ts";
import { ConfirmDialog } from "../../../ui/confirm-dialog.tsx";
import { MaskCanvas } from "./mask-canvas.tsx";
import { resized } from "./mask-view.ts";
import { useMask } from "./use-mask.ts";

interface MaskEditorProps {
  /** The picture that is masked, and the mask so far. */
  readonly pictureUrl: string;
  readonly maskUrl: string | null;
  readonly onDone: (mask: File) => void;
  readonly onClose: () => void;
}

/** Paints a mask over a picture: what is painted is made anew. The file that comes of it has the picture's natural size. */
export function MaskEditor({ pictureUrl, maskUrl, onDone, onClose }: MaskEditorProps) {
  const { dialog, close } = useModal();
  const mask = useMask(pictureUrl, maskUrl);
  const [isSaving, setIsSaving] = useState(false);
  const [isLeaving, setIsLeaving] = useState(false);
  // What was painted is nowhere else yet.
  const leave = (): void => (mask.canUndo ? setIsLeaving(true) : close());
  const { brush, setBrush } = mask;
  const say = (): void => announce(t`${Math.round(mask.painted())} % of the picture is masked.`);

  /** Wherever the focus is: whoever has just pressed a tool need not go back to the picture first. */
  const keys: Readonly<Record<string, () => void>> = {
    "[": () => setBrush({ ...brush, radius: resized(brush.radius, false) }),
    "]": () => setBrush({ ...brush, radius: resized(brush.radius, true) }),
    b: () => setBrush({ ...brush, isEraser: false }),
    e: () => setBrush({ ...brush, isEraser: true }),
    i: () => {
      mask.invert();
      say();
    },
    "0": mask.fit,
  };
  const modKeys: Readonly<Record<string, (event: KeyboardEvent) => void>> = {
    z: ({ shiftKey }) => (shiftKey ? mask.redo() : mask.undo()),
    y: mask.redo,
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const isMod = event.ctrlKey || event.metaKey;
    const act = (isMod ? modKeys : keys)[event.key.toLowerCase()];
    if (act === undefined || !(isMod || hasSingleKeys())) return;
    event.preventDefault();
    act(event);
  };

  async function done(): Promise<void> {
    setIsSaving(true);
    const file = await mask.toFile();
    if (file === null) return setIsSaving(false);
    onDone(file);
    close();
  }

  return (
    <>
      <dialog
        ref={dialog}
        aria-label={t`Paint the mask`}
        onClose={onClose}
        onCancel={(event) => {
          event.preventDefault();
          leave();
        }}
        onKeyDown={onKeyDown}
        className="m-0! flex h-dvh max-h-none w-full max-w-none flex-col bg-ground text-ink"
      >
        <div
          role="toolbar"
          aria-label={t`Mask`}
          className="flex flex-wrap items-center gap-1.5 border-b bg-surface p-2"
        >
          <Tool label={t`Brush (B)`} isOn={!brush.isEraser} onClick={() => setBrush({ ...brush, isEraser: false })}>
            <Brush aria-hidden className="size-4.5" />
          </Tool>
          <Tool label={t`Eraser (E)`} isOn={brush.isEraser} onClick={() => setBrush({ ...brush, isEraser: true })}>
            <Eraser aria-hidden className="size-4.5" />
          </Tool>
          <Slider
            label={t`Size`}
            keys={t`[ and ]`}
            max={256}
            min={1}
            value={brush.radius}
            onChange={(radius) => setBrush({ ...brush, radius })}
          />
          <Slider label={t`Feather`} max={128} min={0} value={mask.feather} onChange={mask.setFeather} />
          <span aria-hidden className="mx-1 h-6 w-px bg-line" />
          <Tool label={t`Undo (Ctrl or ⌘ + Z)`} isOff={!mask.canUndo} onClick={mask.undo}>
            <Undo2 aria-hidden className="size-4.5" />
          </Tool>
          <Tool label={t`Redo (Shift + Ctrl or ⌘ + Z)`} isOff={!mask.canRedo} onClick={mask.redo}>
            <Redo2 aria-hidden className="size-4.5" />
          </Tool>
          <Tool label={t`Invert (I)`} onClick={mask.invert}>
            <Contrast aria-hidden className="size-4.5" />
          </Tool>
          <Tool label={t`Fill`} onClick={() => mask.fill(255)}>
            <PaintBucket aria-hidden className="size-4.5" />
          </Tool>
          <Tool label={t`Clear`} onClick={() => mask.fill(0)}>
            <Trash2 aria-hidden className="size-4.5" />
          </Tool>
          <Tool label={t`Whole picture (0)`} onClick={mask.fit}>
            <Expand aria-hidden className="size-4.5" />
          </Tool>
          <span className="flex-1" />
          <Button size="small" onClick={leave}>
            {t`Cancel`}
          </Button>
          <Button size="small" look="primary" disabled={!mask.isReady || isSaving} onClick={() => void done()}>
            {t`Use this mask`}
          </Button>
        </div>
        {mask.problem !== null ? (
          <p role="alert" className="m-auto max-w-md p-6 text-center text-bad">
            {mask.problem}
          </p>
        ) : (
          <MaskCanvas mask={mask} pictureUrl={pictureUrl} onSay={say} />
        )}
        <p className="border-t bg-surface px-3 py-1.5 text-xs text-faint pointer-coarse:hidden">
          {t`What is painted is made anew. Wheel or pinch zooms, the middle button or two fingers move the picture. By keyboard: the arrow keys move the brush, Space paints, Shift moves further, + and − zoom.`}
        </p>
        <p className="border-t bg-surface px-3 py-1.5 text-xs text-faint pointer-fine:hidden">
          {t`What is painted is made anew. Two fingers zoom and move the picture.`}
        </p>
      </dialog>
      {isLeaving && (
        <ConfirmDialog
          title={t`Leave without this mask?`}
          keep={t`Go on painting`}
          action={t`Leave without it`}
          onConfirm={close}
          onClose={() => setIsLeaving(false)}
        >
          {t`What you painted here is not in the form yet, and goes.`}
        </ConfirmDialog>
      )}
    </>
  );
}

interface ToolProps {
  readonly label: string;
  readonly isOn?: boolean;
  readonly isOff?: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

function Tool({ label, isOn, isOff, onClick, children }: ToolProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-pressed={isOn}
      disabled={isOff}
      onClick={onClick}
      className={cx(
        "grid size-9 place-items-center rounded-lg transition-colors disabled:opacity-40",
        isOn === true ? "bg-safelight/15 text-safelight" : "text-muted hover:bg-raised hover:text-ink",
      )}
    >
      {children}
    </button>
  );
}

interface SliderProps {
  readonly label: string;
  readonly keys?: string;
  readonly min: number;
  readonly max: number;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

function Slider({ label, keys, min, max, value, onChange }: SliderProps) {
  return (
    <label title={keys} className="flex items-center gap-2 px-1 text-xs text-muted">
      {label}
      <input
        type="range"
        className="slider w-24!"
        style={{ "--filled": `${((value - min) / (max - min)) * 100}%` } as CSSProperties}
        min={min}
        max={max}
        value={Math.round(value)}
        onChange={(event) => onChange(event.target.valueAsNumber)}
      />
      <output className="w-7 tabular-nums">{Math.round(value)}</output>
    </label>
  );
}
