import { t } from "../../language/say.ts";
import { ClaimForm } from "./claim-form.tsx";

/** What everyone else is shown in the place of the operators' pages. */
export function ForOperators() {
  return (
    <div className="mx-auto max-w-xl space-y-6 py-8">
      <header className="space-y-3">
        <h1 className="font-display text-4xl">{t`For operators`}</h1>
        <p className="text-muted">
          {t`Here operators see everyone's jobs, the backends and the queue. You are not one yet. Whoever started this Darkroom finds a one-time admin link in its terminal; open it in this browser, or paste its token here.`}
        </p>
      </header>
      <ClaimForm />
    </div>
  );
}
