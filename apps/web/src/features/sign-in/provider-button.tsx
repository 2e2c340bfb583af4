"use client";

import { ShieldCheck } from "lucide-react";
import { useEffect, useState } from "react";
import { t } from "../../language/say.ts";
import { Button } from "../../ui/button.tsx";
import { Problem } from "../../ui/problem.tsx";
import { signInAtProvider } from "./accounts.ts";

/** Leads to the provider at which people sign in, and says why it did not work for who comes back from there. */
export function ProviderButton({ name }: { name: string }) {
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    const failure = new URLSearchParams(window.location.search).get("error");
    if (failure !== null) setProblem(problemOf(failure));
  }, []);
  return (
    <div className="space-y-3">
      <Button
        size="large"
        className="w-full"
        onClick={() => void signInAtProvider().then((refused) => refused !== null && setProblem(refused))}
      >
        <ShieldCheck aria-hidden className="size-4.5" /> {t`Continue with ${name}`}
      </Button>
      <Problem>{problem}</Problem>
    </div>
  );
}

function problemOf(failure: string): string {
  if (failure === "account_not_linked")
    return t`There is an account with your e-mail address already. Sign in to it with its password.`;
  if (failure === "access_denied") return t`You were not let in there. Try again, or ask who runs it.`;
  return t`Signing in there did not work. Try again.`;
}
