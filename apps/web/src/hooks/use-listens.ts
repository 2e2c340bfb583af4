"use client";

import { useLayoutEffect } from "react";

/** Says, once React holds what is around it, that `public/typed-before.js` can give the fields there what was typed before. */
export function useListens(): void {
  useLayoutEffect(() => {
    dispatchEvent(new Event("listens"));
  }, []);
}
