"use client";

import { lazy, Suspense, useEffect, useSyncExternalStore } from "react";

export interface Toast {
  readonly text: string;
  readonly look?: "plain" | "good" | "bad";
  /** What can be done about it, for as long as the toast is there. */
  readonly action?: { readonly label: string; readonly run: () => void };
  /** How long it stays, in ms; while the pointer is on it, longer. */
  readonly stayMs?: number;
  /** It went by itself or was put away, and its action was not taken. */
  readonly onGone?: () => void;
}

const Sonner = lazy(() => import("sonner").then(({ Toaster }) => ({ default: Toaster })));

let isWanted = false;
const listeners = new Set<() => void>();
let mounted: () => void = () => {};
const isMounted = new Promise<void>((resolve) => {
  mounted = resolve;
});

/** Shows one sentence in a corner, for a while. The first one loads what shows them. */
export async function showToast({ text, look = "plain", action, stayMs = 5000, onGone }: Toast): Promise<void> {
  isWanted = true;
  for (const listener of listeners) listener();
  const { toast } = await import("sonner");
  await isMounted;
  const show = look === "bad" ? toast.error : look === "good" ? toast.success : toast;
  show(text, {
    duration: stayMs,
    ...(action !== undefined && { action: { label: action.label, onClick: action.run } }),
    ...(onGone !== undefined && { onAutoClose: onGone, onDismiss: onGone }),
  });
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Where toasts appear. One for all pages; it loads nothing until there is something to say. */
export function Toaster() {
  const isShown = useSyncExternalStore(
    subscribe,
    () => isWanted,
    () => false,
  );
  return (
    isShown && (
      <Suspense>
        <Sonner
          position="bottom-center"
          // Above what stands at the bottom of the page to be pressed.
          offset="var(--toast-offset, 1.5rem)"
          mobileOffset="var(--toast-offset, 1rem)"
          theme="system"
          toastOptions={{
            style: {
              background: "var(--raised)",
              color: "var(--ink)",
              border: "1px solid var(--edge)",
              borderRadius: "0.75rem",
              fontFamily: "var(--font-ui)",
              fontSize: "0.875rem",
            },
            actionButtonStyle: { background: "var(--safelight-strong)", color: "var(--on-safelight)", fontWeight: 600 },
          }}
        />
        <Mounted />
      </Suspense>
    )
  );
}

/** After its older sibling's effects, and so once that listens. */
function Mounted() {
  useEffect(() => mounted(), []);
  return null;
}
