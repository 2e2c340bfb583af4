"use client";

import { useState } from "react";
import { t } from "../../language/say.ts";
import { paths } from "../../paths.ts";
import { useSession, useSystem } from "../../trpc/hooks/account/use-session.ts";
import { buttonClasses } from "../../ui/button.tsx";
import { Link } from "../../ui/link.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { CodeForm } from "./code-form.tsx";
import { ForgottenPassword } from "./forgotten-password.tsx";
import { ProviderButton } from "./provider-button.tsx";
import { roleWord } from "./role-word.ts";
import { SignInForm } from "./sign-in-form.tsx";
import { SignInPage } from "./sign-in-page.tsx";

/** A page that is loaded anew knows nothing of who was here. */
const toStudio = (): void => window.location.assign(paths.studio);

/** The way in for who has an account, or wants one. */
export function SignIn() {
  const { session } = useSession();
  const system = useSystem();
  const [isNew, setIsNew] = useState(false);
  const [needsCode, setNeedsCode] = useState(false);
  const [isForgotten, setIsForgotten] = useState(false);
  if (session === undefined || system === undefined) {
    return (
      <SignInPage title={t`Sign in`}>
        <Skeleton className="h-88 rounded-2xl" />
      </SignInPage>
    );
  }
  const { entrances, signIn } = system;
  if (session.kind !== "guest") {
    return (
      <SignInPage
        title={t`You are signed in`}
        text={t`This browser is ${session.displayName ?? roleWord(session.role)}'s.`}
      >
        <Link href={paths.studio} className={buttonClasses({ look: "primary" })}>
          {t`To the studio`}
        </Link>
      </SignInPage>
    );
  }
  if (!entrances.accounts) {
    const text = entrances.guests
      ? t`Whoever comes here is a guest of their browser.`
      : t`Whoever runs this Darkroom has closed it to visitors. Ask them, or use an API key.`;
    return <SignInPage title={t`There are no accounts here`} text={text} />;
  }
  if (needsCode) {
    return (
      <SignInPage
        title={t`One more code`}
        text={t`The six digits that your authenticator shows, or a code you wrote down.`}
      >
        <CodeForm onDone={toStudio} />
      </SignInPage>
    );
  }
  if (isForgotten) {
    return (
      <SignInPage
        title={t`Forgot your password?`}
        text={t`Say who you are, and choose a new one by a link in your mail.`}
      >
        <ForgottenPassword onBack={() => setIsForgotten(false)} />
      </SignInPage>
    );
  }
  const makesAccount = isNew && entrances.signUp;
  return (
    <SignInPage
      title={makesAccount ? t`Create an account` : t`Sign in`}
      text={reasonFor(session.role === "blocked", entrances.guests)}
    >
      {signIn.provider !== null && <ProviderButton name={signIn.provider} />}
      <SignInForm
        makesAccount={makesAccount}
        onForgotten={signIn.mail ? () => setIsForgotten(true) : null}
        onSwitch={entrances.signUp ? () => setIsNew(!makesAccount) : null}
        onDone={(isHalf) => (isHalf ? setNeedsCode(true) : toStudio())}
      />
    </SignInPage>
  );
}

function reasonFor(isBlocked: boolean, areGuestsOpen: boolean): string {
  if (!areGuestsOpen) return t`This Darkroom is for people with an account.`;
  if (isBlocked) return t`This browser was blocked here. Sign in with an account that was not.`;
  return t`What you made in this browser as a guest comes with you.`;
}
