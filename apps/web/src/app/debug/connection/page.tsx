import type { Metadata } from "next";
import { ConnectionTest } from "../../../features/ops/connection-test.tsx";
import { t } from "../../../language/say.ts";

export const generateMetadata = (): Metadata => ({ title: t`Connection` });

export default function ConnectionPage() {
  return (
    <div className="mx-auto max-w-3xl space-y-5">
      <h1 className="font-display text-4xl">{t`Connection`}</h1>
      <ConnectionTest />
    </div>
  );
}
