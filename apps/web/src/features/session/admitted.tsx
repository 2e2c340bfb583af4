"use client";

import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { t } from "../../language/say.ts";
import { paths } from "../../paths.ts";
import { useSession } from "../../trpc/hooks/account/use-session.ts";
import { laterInHtml } from "../../ui/later.tsx";

// Not part of the first load: hardly anybody is shut out.
const SignIn = laterInHtml(() => import("../sign-in/sign-in.tsx").then((module) => module.SignIn));
const SignOutButton = laterInHtml(() =>
  import("../sign-in/sign-out-button.tsx").then((module) => module.SignOutButton),
);

/**
 * The page, for who may use it. Whoever is shut out would find every part of it refused on its own; instead they are told
 * once, with the way in.
 */
export function Admitted({ children }: { readonly children: ReactNode }) {
  const { session, isShutOut } = useSession();
  const pathname = usePathname();
  // The link that makes the first admin works for a visitor whom guests' rules shut out.
  if (!isShutOut || pathname === paths.opsClaim) return children;
  // What was shared by its address is for whoever has that.
  if (pathname.startsWith(paths.shared(""))) return children;
  if (session?.kind === "guest") return <SignIn />;
  return (
    <div className="mx-auto max-w-md space-y-6 py-6 sm:py-12">
      <header className="space-y-2">
        <h1 className="font-display text-4xl">{t`This account was blocked`}</h1>
        <p className="text-muted">{t`Ask whoever runs this Darkroom. Nothing of yours was removed.`}</p>
      </header>
      <SignOutButton />
    </div>
  );
}
