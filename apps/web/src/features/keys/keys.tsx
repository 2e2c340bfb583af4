"use client";

import { useEffect, useState } from "react";
import { useKey } from "../../hooks/use-key.ts";
import { later } from "../../ui/later.tsx";

const KeyList = later(() => import("./key-list.tsx").then((module) => module.KeyList));
const JumpTo = later(() => import("./jump-to.tsx").then((module) => module.JumpTo));

/** What keys do wherever one is: `?` shows all of them, Ctrl or ⌘ + K goes somewhere. */
export function Keys() {
  const [shown, setShown] = useState<"list" | "jump" | null>(null);
  useKey("?", () => setShown("list"));
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey)
        return;
      event.preventDefault();
      setShown("jump");
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
  const close = (): void => setShown(null);
  if (shown === "list") return <KeyList onClose={close} />;
  return shown === "jump" ? <JumpTo onClose={close} /> : null;
}
