"use client";

import { later } from "../../../ui/later.tsx";

/** Two pictures in one place. Loaded when two are compared for the first time. */
export const Compare = later(() => import("./compare-dialog.tsx").then((module) => module.CompareDialog));
