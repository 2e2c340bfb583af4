import type { Metadata } from "next";
import { ClaimForm } from "../../../features/ops/claim-form.tsx";
import { t } from "../../../language/say.ts";

export const generateMetadata = (): Metadata => ({ title: t`Become the admin`, referrer: "no-referrer" });

export default function ClaimPage() {
  return (
    <div className="mx-auto max-w-xl space-y-6 py-8">
      <header className="space-y-3">
        <h1 className="font-display text-4xl">{t`Become the admin`}</h1>
        <p className="text-muted">
          {t`The link in the terminal works once and for a short time. Whoever presses the button in this browser becomes the admin of this Darkroom.`}
        </p>
      </header>
      <ClaimForm />
    </div>
  );
}
