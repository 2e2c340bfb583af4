"use client";

import { Copy, Share2 } from "lucide-react";
import { useShare } from "../../trpc/use-share.ts";
import { Button, buttonClasses } from "../../ui/button.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";

/** Gives a picture an address at which anyone may see it, and takes that back. */
export function ShareButton({ outputId }: { outputId: string }) {
  const { url, isBusy, refusal, share, end } = useShare(outputId);
  if (url === null) {
    return (
      <>
        <Button disabled={isBusy} title="Make a link for anyone; an earlier one ends" onClick={() => void share()}>
          <Share2 aria-hidden className="size-4" /> Share
        </Button>
        {refusal !== null && (
          <p role="alert" className="w-full text-sm text-bad">
            {refusal.message}
          </p>
        )}
      </>
    );
  }
  return (
    <div className="panel w-full space-y-2 p-3 text-sm">
      <p>Anyone with this link sees the picture, but not how it was made.</p>
      <input readOnly aria-label="Link to share" className="field font-mono text-xs" value={url} />
      <div className="flex gap-2">
        <CopyButton text={url} what="link" className={buttonClasses({ size: "small" })}>
          <Copy aria-hidden className="size-3.5" /> Copy the link
        </CopyButton>
        <Button look="quiet" size="small" disabled={isBusy} onClick={() => void end()}>
          Stop sharing
        </Button>
      </div>
    </div>
  );
}
