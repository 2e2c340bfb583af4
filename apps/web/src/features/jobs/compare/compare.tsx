"use client";

import dynamic from "next/dynamic";

/** Two pictures in one place. Loaded when two are compared for the first time. */
export const Compare = dynamic(() => import("./compare-dialog.tsx").then((module) => module.CompareDialog), {
  ssr: false,
});
