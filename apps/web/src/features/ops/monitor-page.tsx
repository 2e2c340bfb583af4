"use client";

import { useSession } from "../../trpc/hooks/account/use-session.ts";
import { later } from "../../ui/later.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { ForOperators } from "./for-operators.tsx";

const loading = () => <Skeleton className="h-96 rounded-2xl" />;
// Its charts are of no use before the browser measures their place, and to nobody but operators.
const Monitor = later(() => import("./monitor/monitor.tsx").then((module) => module.Monitor), loading);

/** The live monitor; everyone but operators learns how to become one. */
export function MonitorPage() {
  const { session, isOperator } = useSession();
  if (session === undefined) return loading();
  return isOperator ? <Monitor isAdmin={session.role === "admin"} /> : <ForOperators />;
}
