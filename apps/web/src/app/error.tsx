"use client";

import { Button } from "../ui/button.tsx";

export default function PageError({ reset }: { error: Error; reset: () => void }) {
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-4 py-24 text-center">
      <h1 className="font-display text-3xl">Light got in</h1>
      <p className="text-muted">Something on this page went wrong. Your jobs are safe: they run on the server.</p>
      <Button look="primary" onClick={reset}>
        Try again
      </Button>
    </div>
  );
}
