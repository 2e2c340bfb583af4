"use client";

import type { Output } from "@darkroom/contracts";
import { Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { formatBytes } from "../../../format.ts";
import { t } from "../../../language/say.ts";
import { buttonClasses } from "../../../ui/button.tsx";
import { CopyButton } from "../../../ui/copy-button.tsx";

/** How many bytes of a text are fetched and shown; the file has all of them. */
const SHOWN_BYTES = 64 * 1024;

/** A text that a job wrote, to read and to copy. */
export function OutputText({ output }: { output: Output }) {
  const [text, setText] = useState<string | null>(null);
  const [isLost, setIsLost] = useState(false);
  useEffect(() => {
    const controller = new AbortController();
    const headers = { range: `bytes=0-${SHOWN_BYTES - 1}` };
    fetch(output.url, { headers, signal: controller.signal })
      .then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error(String(answer.status)))))
      .then(setText, () => setIsLost(!controller.signal.aborted));
    return () => controller.abort();
  }, [output.url]);
  return (
    <div className="absolute inset-0 flex flex-col">
      {/* A read-only textarea scrolls and is reached by keyboard without a tabindex of its own; a `pre` is not. */}
      <textarea
        readOnly
        aria-label={t`Text`}
        value={isLost ? t`The text could not be loaded.` : (text ?? "")}
        className="min-h-0 flex-1 resize-none bg-transparent p-5 font-mono text-sm text-muted -outline-offset-4"
      />
      {text !== null && (
        <div className="flex items-center justify-between gap-2 border-t px-5 py-2 text-xs text-faint">
          <span>
            {output.sizeBytes > SHOWN_BYTES
              ? t`The first 64 kB of ${formatBytes(output.sizeBytes)}`
              : formatBytes(output.sizeBytes)}
          </span>
          <CopyButton text={text} what={t`text`} className={buttonClasses({ look: "quiet", size: "small" })}>
            <Copy aria-hidden className="size-3.5" /> {t`Copy`}
          </CopyButton>
        </div>
      )}
    </div>
  );
}
