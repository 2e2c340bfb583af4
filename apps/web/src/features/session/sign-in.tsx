"use client";

import Link from "next/link";
import { useState } from "react";
import { paths } from "../../paths.ts";
import { useSession, useSystem } from "../../trpc/hooks/account/use-session.ts";
import { buttonClasses } from "../../ui/button.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { CodeForm } from "./code-form.tsx";
import { ForgottenPassword } from "./forgotten-password.tsx";
import { ProviderButton } from "./provider-button.tsx";
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
      <SignInPage title="Sign in">
        <Skeleton className="h-88 rounded-2xl" />
      </SignInPage>
    );
  }
  const { entrances, signIn } = system;
  if (session.kind !== "guest") {
    return (
      <SignInPage title="You are signed in" text={`This browser is ${session.displayName ?? session.role}'s.`}>
        <Link href={paths.studio} className={buttonClasses({ look: "primary" })}>
          To the studio
        </Link>
      </SignInPage>
    );
  }
  if (!entrances.accounts) {
    const text = entrances.guests
      ? "Whoever comes here is a guest of their browser."
      : "Whoever runs this Darkroom has closed it to visitors. Ask them, or use an API key.";
    return <SignInPage title="There are no accounts here" text={text} />;
  }
  if (needsCode) {
    return (
      <SignInPage title="One more code" text="The six digits that your authenticator shows, or a code you wrote down.">
        <CodeForm onDone={toStudio} />
      </SignInPage>
    );
  }
  if (isForgotten) {
    return (
      <SignInPage title="Forgot your password?" text="Say who you are, and choose a new one by a link in your mail.">
        <ForgottenPassword onBack={() => setIsForgotten(false)} />
      </SignInPage>
    );
  }
  const makesAccount = isNew && entrances.signUp;
  return (
    <SignInPage
      title={makesAccount ? "Create an account" : "Sign in"}
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
  if (!areGuestsOpen) return "This Darkroom is for people with an account.";
  if (isBlocked) return "This browser was blocked here. Sign in with an account that was not.";
  return "What you made in this browser as a guest comes with you.";
}
