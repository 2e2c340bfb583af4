"use client";

import type { JobView } from "@darkroom/contracts";
import { Dices, RotateCcw } from "lucide-react";
import { t } from "../../language/say.ts";
import type { SubmitResult } from "../../trpc/feed/submit.ts";
import { useRepeat } from "../../trpc/hooks/workflows/use-submit.ts";
import { showToast } from "../../ui/toaster.tsx";
import { useRunAgain } from "./use-run-again.tsx";

interface RepeatButtonsProps {
  readonly job: JobView;
  readonly className: string;
  /** Shows the icons without their labels, for lists. */
  readonly isSmall?: boolean;
}

/** Runs a finished job again, with the same seed or a new one, where its card is not on the page: a toast says that it has begun. */
export function RepeatButtons({ job, className, isSmall = false }: RepeatButtonsProps) {
  const repeat = useRepeat();
  const { ask, question } = useRunAgain(job);
  if (job.state !== "succeeded") return null;
  const start = async (result: Promise<SubmitResult>): Promise<void> => {
    const answer = await result;
    void showToast(
      answer.ok
        ? { text: t`The new one is in the queue.`, look: "good" }
        : { text: answer.refusal.message, look: "bad" },
    );
  };
  const label = isSmall ? "sr-only" : undefined;
  return (
    <>
      {question}
      <button
        type="button"
        title={t`The same inputs and the same seed`}
        className={className}
        onClick={() => void ask(() => void start(repeat.again(job)))}
      >
        <RotateCcw aria-hidden className="size-4" /> <span className={label}>{t`Run again`}</span>
      </button>
      {job.seed !== null && (
        <button
          type="button"
          title={t`The same inputs with a new seed`}
          className={className}
          onClick={() => void start(repeat.vary(job))}
        >
          <Dices aria-hidden className="size-4" /> <span className={label}>{t`Vary`}</span>
        </button>
      )}
    </>
  );
}
