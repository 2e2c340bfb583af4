import type { ReactNode } from "react";

interface SignInPageProps {
  readonly title: string;
  readonly text?: string;
  readonly children?: ReactNode;
}

/** A page with nothing but one form. */
export function SignInPage({ title, text, children }: SignInPageProps) {
  return (
    <div className="mx-auto max-w-md space-y-6 py-6 sm:py-12">
      <header className="space-y-2">
        <h1 className="font-display text-4xl">{title}</h1>
        {text !== undefined && <p className="text-muted">{text}</p>}
      </header>
      {children}
    </div>
  );
}
