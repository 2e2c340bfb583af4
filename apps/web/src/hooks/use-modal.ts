"use client";

import { type RefObject, useEffect, useRef } from "react";

/** For a dialog that is over the page from when it is there until it is closed, of which the element's `onClose` then tells. */
export function useModal(): { readonly dialog: RefObject<HTMLDialogElement | null>; close(): void } {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return { dialog, close: () => dialog.current?.close() };
}
