"use client";

import { LogOut } from "lucide-react";
import { useState } from "react";
import { forgetEverything } from "../../hooks/browser-storage.ts";
import { t } from "../../language/say.ts";
import { paths } from "../../paths.ts";
import { Button } from "../../ui/button.tsx";
import { Problem } from "../../ui/problem.tsx";
import { signOut } from "./accounts.ts";

/** Ends the session of this browser, which then belongs to nobody. */
export function SignOutButton() {
  const [problem, setProblem] = useState<string | null>(null);
  const leave = async (): Promise<void> => {
    const refused = await signOut();
    setProblem(refused);
    if (refused !== null) return;
    // Drafts and marks are the account's: the next person here must not find them.
    forgetEverything();
    window.location.assign(paths.studio);
  };
  return (
    <>
      <Button size="small" onClick={() => void leave()}>
        <LogOut aria-hidden className="size-4" /> {t`Sign out`}
      </Button>
      <Problem>{problem}</Problem>
    </>
  );
}
