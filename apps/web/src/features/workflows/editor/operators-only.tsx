"use client";

import type { ReactNode } from "react";
import { t } from "../../../language/say.ts";
import { paths } from "../../../paths.ts";
import { useSession } from "../../../trpc/hooks/account/use-session.ts";
import { Link } from "../../../ui/link.tsx";
import { Skeleton } from "../../../ui/skeleton.tsx";

/** Shows its children to operators, and tells everyone else who sees them. */
export function OperatorsOnly({ children }: { children: ReactNode }) {
  const { session, isOperator } = useSession();
  if (session === undefined) return <Skeleton className="h-64 rounded-2xl" />;
  if (isOperator) return children;
  return (
    <div className="mx-auto max-w-xl space-y-3 py-8">
      <h1 className="font-display text-4xl">{t`For operators`}</h1>
      <p className="text-muted">
        {t`Here operators bring their own ComfyUI workflows, check them and publish them.`}{" "}
        <Link href={paths.ops} className="text-safelight underline">
          {t`How to become one`}
        </Link>
      </p>
    </div>
  );
}
