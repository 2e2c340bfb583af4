"use client";

import { type ReportReason, reportReasons } from "@darkroom/contracts";
import { type FormEvent, useState } from "react";
import { useModal } from "../../hooks/use-modal.ts";
import { t } from "../../language/say.ts";
import { useReport } from "../../trpc/hooks/use-gallery.ts";
import { toRefusal } from "../../trpc/refusal.ts";
import { Button } from "../../ui/button.tsx";
import { Problem } from "../../ui/problem.tsx";
import { showToast } from "../../ui/toaster.tsx";
import { reasonNames } from "./report-reasons.ts";

interface ReportDialogProps {
  readonly token: string;
  readonly onClose: () => void;
}

/** Tells whoever runs this Darkroom what is wrong with a picture. */
export function ReportDialog({ token, onClose }: ReportDialogProps) {
  const { dialog, close } = useModal();
  const [reason, setReason] = useState<ReportReason | null>(null);
  const [details, setDetails] = useState("");
  const report = useReport();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (reason === null) return;
    const onSuccess = (): void => {
      void showToast({ text: t`Thank you. Whoever runs this Darkroom will look at it.`, look: "good" });
      close();
    };
    report.mutate({ token, reason, ...(details.trim() !== "" && { details: details.trim() }) }, { onSuccess });
  };
  return (
    <dialog
      ref={dialog}
      aria-labelledby="report-heading"
      onClose={onClose}
      className="panel m-auto! w-[min(28rem,calc(100vw-2rem))] p-6 text-ink shadow-print backdrop:bg-black/60 open:animate-rise"
    >
      <form onSubmit={submit} className="space-y-4">
        <h2 id="report-heading" className="font-display text-xl">
          {t`What is wrong with it?`}
        </h2>
        <fieldset className="space-y-1">
          <legend className="sr-only">{t`Reason`}</legend>
          {reportReasons.map((one) => (
            <label key={one} className="flex min-h-9 items-center gap-2.5 text-sm">
              <input
                type="radio"
                name="reason"
                className="size-4.5 accent-(--safelight-strong)"
                checked={reason === one}
                onChange={() => setReason(one)}
              />
              {reasonNames()[one]}
            </label>
          ))}
        </fieldset>
        <label className="block space-y-1.5 text-sm font-medium">
          <span>
            {t`Anything else?`} <span className="font-normal text-muted">{t`(if you like)`}</span>
          </span>
          <textarea
            className="field field-sizing-content min-h-20"
            maxLength={1000}
            value={details}
            onChange={(event) => setDetails(event.target.value)}
          />
        </label>
        <Problem>{report.error === null ? null : toRefusal(report.error).message}</Problem>
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={close}>{t`Cancel`}</Button>
          <Button type="submit" look="primary" disabled={reason === null || report.isPending}>
            {t`Send the report`}
          </Button>
        </div>
      </form>
    </dialog>
  );
}
