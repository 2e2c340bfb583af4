"use client";

import { t } from "../language/say.ts";
import { Button } from "../ui/button.tsx";

export default function PageError({ reset }: { error: Error; reset: () => void }) {
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-4 py-24 text-center">
      <h1 className="font-display text-3xl">{t`Light got in`}</h1>
      <p className="text-muted">{t`Something on this page went wrong. Your jobs are safe: they run on the server.`}</p>
      <Button look="primary" onClick={reset}>
        {t`Try again`}
      </Button>
    </div>
  );
}
