"use client";

import { KeyRound } from "lucide-react";
import { useRouter } from "next/navigation";
import { type FormEvent, useEffect, useState } from "react";
import { t } from "../../language/say.ts";
import { paths } from "../../paths.ts";
import { useSession } from "../../trpc/hooks/account/use-session.ts";
import { Button } from "../../ui/button.tsx";
import { Problem } from "../../ui/problem.tsx";
import { claimAdmin } from "./claim-admin.ts";

/**
 * Takes the one-time admin token, from the address's fragment if it is there: no server and no log sees that part. A
 * person presses the button: a link preview must not use the token up.
 */
export function ClaimForm() {
  const [token, setToken] = useState("");
  useEffect(() => {
    const given = window.location.hash.slice(1);
    if (given !== "") setToken(given);
  }, []);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const { reload } = useSession();
  const router = useRouter();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setIsBusy(true);
    const refused = await claimAdmin(token);
    setProblem(refused);
    setIsBusy(false);
    if (refused !== null) return;
    await reload();
    router.replace(paths.ops);
  };
  return (
    <form onSubmit={submit} className="panel space-y-4 p-5">
      <label className="block space-y-1.5">
        <span className="text-sm font-medium">{t`Token of the admin link`}</span>
        <input
          className="field font-mono text-sm"
          value={token}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setToken(event.target.value)}
        />
      </label>
      <Problem>{problem}</Problem>
      <Button type="submit" look="primary" disabled={isBusy || token.trim() === ""}>
        <KeyRound aria-hidden className="size-4" /> {t`Become the admin`}
      </Button>
    </form>
  );
}
