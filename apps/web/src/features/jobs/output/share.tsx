"use client";

import { type Output, type SharedFact, sharedFacts } from "@darkroom/contracts";
import { Copy, Eye, Link2, Link2Off, RotateCcw, Share2 } from "lucide-react";
import { useState } from "react";
import { useModal } from "../../../hooks/use-modal.ts";
import { t } from "../../../language/say.ts";
import { useSystem } from "../../../trpc/hooks/account/use-session.ts";
import { type Sharing, useShare } from "../../../trpc/hooks/jobs/use-share.ts";
import { announce } from "../../../ui/announcer.tsx";
import { Button, buttonClasses, IconButton, WordedButton } from "../../../ui/button.tsx";
import { CopyButton } from "../../../ui/copy-button.tsx";
import { Problem } from "../../../ui/problem.tsx";
import { Tick } from "../../../ui/tick.tsx";
import { outputSummary } from "./output-kind.ts";

interface ShareProps {
  readonly output: Output;
  /** Shows the icon without its label, for narrow places. */
  readonly isSmall?: boolean;
}

/** Shares a picture of the visitor's own at a public address, says so while it is shared, and ends the share. */
export function Share({ output, isSmall = false }: ShareProps) {
  const sharing = useShare(output);
  const { isPossible, isShared, isBusy, refusal } = sharing;
  if (sharing.hidden !== null && !isSmall) return <TakenDown reason={sharing.hidden.reason} />;
  if (!isPossible) return null;
  const what = isShared ? t`Stop sharing` : t`Share`;
  const symbol = isShared ? <Link2Off aria-hidden className="size-4" /> : <Share2 aria-hidden className="size-4" />;
  const change = async (): Promise<void> => {
    const isDone = await (isShared ? sharing.end() : sharing.share());
    if (isDone) announce(isShared ? t`The picture is no longer shared.` : t`The picture is shared. Its link is below.`);
  };
  return (
    <>
      {/* One button whose label changes, not two: replacing it would lose the keyboard focus. */}
      {isSmall ? (
        <IconButton
          label={isShared ? t`Stop sharing: ${outputSummary(output)}` : t`Share: ${outputSummary(output)}`}
          disabled={isBusy}
          onClick={() => void change()}
        >
          {symbol}
        </IconButton>
      ) : (
        <Button disabled={isBusy} onClick={() => void change()}>
          {symbol} {what}
        </Button>
      )}
      <Problem className="w-full">{refusal?.message}</Problem>
      {isShared && <SharedPanel sharing={sharing} />}
    </>
  );
}

/** As {@link Share}, where there is room for one button only: what others see of it is chosen over the page. */
export function ShareButton({ output, className }: { readonly output: Output; readonly className: string }) {
  const sharing = useShare(output);
  const { isPossible, isShared, isBusy } = sharing;
  const [isOpen, setIsOpen] = useState(false);
  if (!isPossible) return null;
  const open = async (): Promise<void> => {
    if (isShared || (await sharing.share())) setIsOpen(true);
  };
  return (
    <>
      <WordedButton
        label={isShared ? t`Shared: ${outputSummary(output)}` : t`Share: ${outputSummary(output)}`}
        disabled={isBusy}
        className={className}
        onClick={() => void open()}
      >
        {isShared ? <Link2 aria-hidden className="size-3.5 text-good" /> : <Share2 aria-hidden className="size-3.5" />}
        {isShared ? t`Shared` : t`Share`}
      </WordedButton>
      <Problem className="w-full">{sharing.refusal?.message}</Problem>
      {isOpen && <ShareDialog sharing={sharing} onClose={() => setIsOpen(false)} />}
    </>
  );
}

function ShareDialog({ sharing, onClose }: { readonly sharing: Sharing; readonly onClose: () => void }) {
  const { dialog, close } = useModal();
  return (
    <dialog
      ref={dialog}
      aria-label={t`Share`}
      onClose={onClose}
      className="panel m-auto! w-[min(30rem,calc(100vw-2rem))] space-y-4 p-5 text-ink shadow-print backdrop:bg-black/60 open:animate-rise"
    >
      <SharedPanel sharing={sharing} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button look="quiet" disabled={sharing.isBusy} onClick={() => void sharing.end().then(close)}>
          <Link2Off aria-hidden className="size-4" /> {t`Stop sharing`}
        </Button>
        <Button onClick={close}>{t`Close`}</Button>
      </div>
    </dialog>
  );
}

function TakenDown({ reason }: { readonly reason: string | null }) {
  return (
    <p className="w-full rounded-xl border border-warn/40 bg-warn/8 p-3.5 text-sm">
      <span className="font-medium">{t`An operator took this picture down.`}</span>{" "}
      {t`Nobody but you sees it, and it cannot be shared.`} {reason}
    </p>
  );
}

const factNames = (): Readonly<Record<SharedFact, string>> => ({
  prompt: t`What you wrote`,
  seed: t`Seed`,
  settings: t`Workflow and settings`,
  name: t`Your name`,
});

/** What is told with the picture, and whether it is in the gallery; each takes effect at once. */
function ShareChoices({ sharing: { facts, isPublished, describe } }: { sharing: Sharing }) {
  const hasGallery = useSystem()?.entrances.gallery === true;
  const names = factNames();
  return (
    <>
      <fieldset>
        <legend className="mb-1 text-muted">{t`Show with it`}</legend>
        <div className="grid grid-cols-[repeat(auto-fill,minmax(10rem,1fr))] gap-x-4">
          {sharedFacts.map((fact) => (
            <Tick
              key={fact}
              label={names[fact]}
              className="min-h-9"
              isOn={facts.includes(fact)}
              onChange={(isOn) =>
                void describe({ facts: sharedFacts.filter((one) => (one === fact ? isOn : facts.includes(one))) })
              }
            />
          ))}
        </div>
      </fieldset>
      {(hasGallery || isPublished) && (
        <div className="border-t border-good/30 pt-2">
          <Tick
            label={t`Show it in the gallery`}
            className="min-h-9"
            isOn={isPublished}
            onChange={(gallery) =>
              void describe({ gallery }).then(
                (isDone) =>
                  isDone && announce(gallery ? t`The picture is in the gallery.` : t`The picture left the gallery.`),
              )
            }
          />
        </div>
      )}
    </>
  );
}

function SharedPanel({ sharing }: { sharing: Sharing }) {
  const { url, isBusy, share } = sharing;
  return (
    <section
      aria-label={t`Shared`}
      className="w-full space-y-2.5 rounded-xl border border-good/40 bg-good/8 p-3.5 text-sm text-ink"
    >
      <p className="flex items-center gap-2 font-medium">
        <Link2 aria-hidden className="size-4 text-good" /> {t`Shared`}
      </p>
      <p className="text-muted">
        {url === null
          ? t`Whoever has the link sees the picture. What the link was is not known here any more; a new one ends it.`
          : t`Whoever has this link sees the picture, and of how it was made only what you choose here.`}
      </p>
      {url === null ? (
        <Button size="small" disabled={isBusy} onClick={() => void share()}>
          <RotateCcw aria-hidden className="size-3.5" /> {t`Make a new link`}
        </Button>
      ) : (
        <>
          <input
            readOnly
            aria-label={t`Link to share`}
            className="field font-mono text-xs"
            value={url}
            onFocus={(event) => event.target.select()}
          />
          <div className="flex flex-wrap gap-2">
            <CopyButton text={url} what={t`link`} className={buttonClasses({ size: "small" })}>
              <Copy aria-hidden className="size-3.5" /> {t`Copy the link`}
            </CopyButton>
            <a href={url} target="_blank" rel="noreferrer" className={buttonClasses({ look: "quiet", size: "small" })}>
              <Eye aria-hidden className="size-3.5" /> {t`See what others see`}
            </a>
          </div>
          <ShareChoices sharing={sharing} />
        </>
      )}
    </section>
  );
}
