"use client";

import { UserRound } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { t } from "../../language/say.ts";
import { type Session, useSession } from "../../trpc/hooks/account/use-session.ts";
import { later } from "../../ui/later.tsx";
import { roleWord } from "../sign-in/role-word.ts";

/** Loaded with the first look into the menu, or sooner, when the pointer comes near. */
const loadPanel = () => import("./visitor-panel.tsx").then((module) => module.VisitorPanel);
const VisitorPanel = later(loadPanel);

/** Says who the visitor is; opened, it lets them change their name, and leads to signing in and out. */
export function VisitorMenu() {
  const { session } = useSession();
  const [wasOpened, setWasOpened] = useState(false);
  const details = useRef<HTMLDetailsElement>(null);

  useEffect(() => {
    const close = (event: Event): void => {
      const { current } = details;
      if (current === null || !current.open) return;
      const isEscape = event instanceof KeyboardEvent && event.key === "Escape";
      const isOutside = event.type === "pointerdown" && event.target instanceof Node && !current.contains(event.target);
      if (isEscape || isOutside) current.open = false;
      if (isEscape) current.querySelector("summary")?.focus();
    };
    document.addEventListener("pointerdown", close);
    document.addEventListener("keydown", close);
    return () => {
      document.removeEventListener("pointerdown", close);
      document.removeEventListener("keydown", close);
    };
  }, []);

  const close = (): void => {
    if (details.current !== null) details.current.open = false;
  };
  const shown = session === undefined ? t`Guest` : (session.displayName ?? nameOf(session));
  return (
    <details ref={details} className="relative" onToggle={() => setWasOpened(true)}>
      <summary
        onPointerEnter={() => void loadPanel().catch(() => undefined)}
        className="flex min-h-9 items-center gap-2 rounded-lg px-2 text-sm text-muted hover:bg-raised hover:text-ink"
      >
        <UserRound aria-hidden className="size-4.5" />
        <span className="max-w-28 truncate max-lg:sr-only">{shown}</span>
      </summary>
      {wasOpened && <VisitorPanel session={session} shown={shown} close={close} />}
    </details>
  );
}

/** What a visitor without a name is called: by their role. */
function nameOf({ role }: Session): string {
  const word = roleWord(role);
  return word.charAt(0).toUpperCase() + word.slice(1);
}
