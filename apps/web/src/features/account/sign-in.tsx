"use client";

import { Laptop } from "lucide-react";
import { type FormEvent, useState } from "react";
import { t, tNodes } from "../../language/say.ts";
import { useSystem } from "../../trpc/hooks/account/use-session.ts";
import { announce } from "../../ui/announcer.tsx";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Problem } from "../../ui/problem.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { SecondFactor } from "./second-factor.tsx";
import { type Device, useSignIn } from "./use-sign-in.ts";

/** How an account signs in: its password, and the browsers in which it is signed in. */
export function SignIn() {
  const actions = useSignIn();
  const { signIn, error, retry, end, endOthers, verify, changePassword } = actions;
  const sendsMail = useSystem()?.signIn.mail ?? false;
  const [problem, setProblem] = useState<string | null>(null);
  const leave = async (ending: Promise<string | null>): Promise<void> => setProblem(await ending);
  return (
    <section aria-labelledby="sign-in-heading" className="space-y-3">
      <h2 id="sign-in-heading" className="font-display text-2xl">
        {t`Sign-in and devices`}
      </h2>
      {/* As tall as the panel of one device, so that nothing below moves. */}
      {signIn === undefined && error === null && <Skeleton className="h-[21.4rem] rounded-2xl sm:h-[13.65rem]" />}
      {signIn === undefined && error !== null && (
        <Notice title={t`Your devices could not be loaded.`} action={<Button onClick={retry}>{t`Try again`}</Button>}>
          {error.message}
        </Notice>
      )}
      {signIn !== undefined && (
        <div className="panel divide-y divide-line">
          <PasswordRow email={signIn.email} changePassword={changePassword} />
          {sendsMail && !signIn.isVerified && <VerifyRow verify={() => verify(signIn.email)} />}
          <SecondFactor isOn={signIn.hasSecondFactor} actions={actions} />
          <ul aria-label={t`Devices`} className="divide-y divide-line">
            {signIn.devices.map((device) => (
              <DeviceRow key={device.token} device={device} onEnd={() => void leave(end(device))} />
            ))}
          </ul>
          {signIn.devices.length > 1 && (
            <div className="p-5">
              <Button size="small" onClick={() => void leave(endOthers())}>
                {t`Sign out everywhere else`}
              </Button>
            </div>
          )}
          <Problem className="p-5">{problem}</Problem>
        </div>
      )}
    </section>
  );
}

function DeviceRow({ device, onEnd }: { device: Device; onEnd: () => void }) {
  const { name, address, signedInAt, isThis } = device;
  const when = <TimeAgo at={signedInAt} />;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-5 py-3.5">
      <Laptop aria-hidden className="size-4.5 shrink-0 text-faint" />
      <div className="min-w-0 flex-1">
        <p className="font-medium">
          {name} {isThis && <span className="text-sm font-normal text-good">{t`this browser`}</span>}
        </p>
        <p className="text-sm text-muted">
          {address === null ? tNodes`Signed in ${when}` : tNodes`Signed in ${when} from ${address}`}
        </p>
      </div>
      {!isThis && (
        <Button size="small" onClick={onEnd} aria-label={t`Sign out ${name}`}>
          {t`Sign out`}
        </Button>
      )}
    </li>
  );
}

/** The address is not known to be the visitor's: a forgotten password could not be replaced by it. */
function VerifyRow({ verify }: { verify: () => Promise<string | null> }) {
  const [said, setSaid] = useState<string | null>(null);
  const send = async (): Promise<void> =>
    setSaid((await verify()) ?? t`A link is on its way. It can be used for an hour.`);
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 p-5">
      <p role={said === null ? undefined : "status"} className="min-w-0 flex-1 text-sm text-muted">
        {said ?? t`Is this address yours? A link in a mail to it says so.`}
      </p>
      {said === null && (
        <Button size="small" onClick={() => void send()}>
          {t`Send me the link`}
        </Button>
      )}
    </div>
  );
}

interface PasswordRowProps {
  readonly email: string;
  readonly changePassword: ReturnType<typeof useSignIn>["changePassword"];
}

/** The address, and a form for another password that unfolds. */
function PasswordRow({ email, changePassword }: PasswordRowProps) {
  const [isOpen, setIsOpen] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    setIsBusy(true);
    const refused = await changePassword({
      currentPassword: String(given.get("current")),
      newPassword: String(given.get("new")),
    });
    setIsBusy(false);
    setProblem(refused);
    if (refused !== null) return;
    setIsOpen(false);
    announce(t`Your password is changed. Every other browser is signed out.`);
  };
  return (
    <div className="space-y-4 p-5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <p className="min-w-56 flex-1 break-all text-sm text-muted">
          {tNodes`You sign in as ${<span className="text-base font-medium text-ink">{email}</span>}`}
        </p>
        <Button size="small" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          {t`Change the password`}
        </Button>
      </div>
      {isOpen && (
        <form onSubmit={submit} className="grid max-w-2xl items-end gap-4 sm:grid-cols-[1fr_1fr_auto]">
          <label className="block space-y-1.5 text-sm font-medium">
            <span>{t`The password you have`}</span>
            <input name="current" type="password" autoComplete="current-password" className="field" required />
          </label>
          <label className="block space-y-1.5 text-sm font-medium">
            <span>{t`A new one, of eight characters or more`}</span>
            <input
              name="new"
              type="password"
              autoComplete="new-password"
              minLength={8}
              maxLength={128}
              className="field"
              required
            />
          </label>
          <Button type="submit" look="primary" disabled={isBusy}>
            {t`Change it`}
          </Button>
          <p className="text-sm text-muted sm:col-span-3">{t`Every other browser is signed out.`}</p>
          <Problem className="sm:col-span-3">{problem}</Problem>
        </form>
      )}
    </div>
  );
}
