import { useEffect } from "react";
import { Toaster, toast } from "sonner";
import { t } from "../language/say.ts";

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

/** Shows one toast, where `Toasts` is on the page. */
export function show({ text, look = "plain", action, stayMs = 5000, onGone }: Toast): void {
  const say = look === "bad" ? toast.error : look === "good" ? toast.success : toast;
  say(text, {
    duration: stayMs,
    ...(action !== undefined && { action: { label: action.label, onClick: action.run } }),
    ...(onGone !== undefined && { onAutoClose: onGone, onDismiss: onGone }),
  });
}

/** Where toasts appear. `onMounted` is called once it listens. */
export function Toasts({ onMounted }: { readonly onMounted: () => void }) {
  return (
    <>
      <Toaster
        position="bottom-center"
        // Above what stands at the bottom of the page to be pressed.
        offset={{ bottom: "var(--toast-offset, 1.5rem)" }}
        mobileOffset={{ bottom: "var(--toast-offset, 1rem)", left: "1rem", right: "1rem" }}
        theme="system"
        containerAriaLabel={t`Messages`}
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
      <Mounted onMounted={onMounted} />
    </>
  );
}

/** After its older sibling's effects, and so once that listens. */
function Mounted({ onMounted }: { readonly onMounted: () => void }) {
  useEffect(onMounted, [onMounted]);
  return null;
}
