import type { Metadata } from "next";
import { ConnectionTest } from "../../../features/ops/connection-test.tsx";

export const metadata: Metadata = { title: "Connection" };

export default function ConnectionPage() {
  return (
    <div className="mx-auto max-w-3xl space-y-5">
      <h1 className="font-display text-4xl">Connection</h1>
      <ConnectionTest />
    </div>
  );
}
