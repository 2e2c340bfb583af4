"use client";

import { Copy } from "lucide-react";
import { type FormEvent, useState } from "react";
import { renderSVG } from "uqr";
import { t, tNodes } from "../../language/say.ts";
import { announce } from "../../ui/announcer.tsx";
import { Button, buttonClasses } from "../../ui/button.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Problem } from "../../ui/problem.tsx";
import type { Enrolment, useSignIn } from "./use-sign-in.ts";

interface SecondFactorProps {
  readonly isOn: boolean;
  readonly actions: Pick<ReturnType<typeof useSignIn>, "beginFactor" | "confirmFactor" | "endFactor">;
}

/** Turns the second factor on, in two steps after the password, and off again. */
export function SecondFactor({ isOn, actions }: SecondFactorProps) {
  const [isOpen, setIsOpen] = useState(false);
  const [enrolment, setEnrolment] = useState<Enrolment | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);

  const close = (said: string): void => {
    setIsOpen(false);
    setEnrolment(null);
    announce(said);
  };
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const given = String(new FormData(event.currentTarget).get("given") ?? "").trim();
    setIsBusy(true);
    const refused = await step(given);
    setIsBusy(false);
    setProblem(refused);
  };
  const step = async (given: string): Promise<string | null> => {
    if (isOn) {
      const refused = await actions.endFactor(given);
      if (refused === null) close(t`The second factor is off.`);
      return refused;
    }
    if (enrolment === null) {
      const begun = await actions.beginFactor(given);
      if (typeof begun === "string") return begun;
      setEnrolment(begun);
      return null;
    }
    const refused = await actions.confirmFactor(given.replaceAll(" ", ""));
    if (refused === null) close(t`The second factor is on.`);
    return refused;
  };

  return (
    <div className="space-y-4 p-5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <p className="min-w-56 flex-1 text-sm text-muted">
          {isOn ? (
            <>
              <span className="font-medium text-good">{t`A second factor is on.`}</span>{" "}
              {t`Signing in asks for a code of your authenticator.`}
            </>
          ) : (
            t`A code of an authenticator on your phone, beside the password, keeps out who has learned that.`
          )}
        </p>
        <Button size="small" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          {isOn ? t`Turn the second factor off` : t`Add a second factor`}
        </Button>
      </div>
      {isOpen && (
        <form onSubmit={submit} className="space-y-4">
          {enrolment !== null && <Enrol enrolment={enrolment} />}
          <div className="flex max-w-md flex-wrap items-end gap-3">
            {enrolment === null || isOn ? (
              <GivenField key="password" label={t`Your password`} type="password" autoComplete="current-password" />
            ) : (
              <GivenField key="code" label={t`The code it shows`} autoComplete="one-time-code" />
            )}
            <Button type="submit" look="primary" disabled={isBusy}>
              {isOn ? t`Turn it off` : enrolment === null ? t`Go on` : t`Turn it on`}
            </Button>
          </div>
          <Problem>{problem}</Problem>
        </form>
      )}
    </div>
  );
}

function GivenField({ label, ...input }: { label: string; type?: string; autoComplete: string }) {
  return (
    <label className="block min-w-48 flex-1 space-y-1.5 text-sm font-medium">
      <span>{label}</span>
      <input name="given" className="field" required {...input} />
    </label>
  );
}

/** What to put into an authenticator, and what to write down. */
function Enrol({ enrolment: { totpUri, backupCodes } }: { enrolment: Enrolment }) {
  const secret = new URL(totpUri).searchParams.get("secret") ?? "";
  return (
    <div className="grid gap-5 sm:grid-cols-[auto_1fr]">
      {/* biome-ignore lint/performance/noImgElement: it is drawn here, and comes from no server. */}
      <img
        src={`data:image/svg+xml,${encodeURIComponent(renderSVG(totpUri, { border: 2 }))}`}
        alt={t`The code to scan with an authenticator`}
        className="size-44 rounded-xl bg-white"
      />
      <div className="min-w-0 space-y-3 text-sm">
        <p>
          {tNodes`1. Scan this with an authenticator, or type ${<code className="break-all rounded bg-ground px-1.5 py-0.5 font-mono">{secret}</code>}`}
        </p>
        <p>{t`2. Write these down: each lets you in once, should the phone be lost.`}</p>
        <ul aria-label={t`Codes to write down`} className="grid grid-cols-2 gap-x-4 gap-y-1 font-mono sm:max-w-xs">
          {backupCodes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        <CopyButton text={backupCodes.join("\n")} what={t`codes`} className={buttonClasses({ size: "small" })}>
          <Copy aria-hidden className="size-4" /> {t`Copy them`}
        </CopyButton>
      </div>
    </div>
  );
}
