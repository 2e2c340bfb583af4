import type { Catalogue } from "../spoken.ts";

/** What several rooms say. */
export const words = {
  Simulator: "Simulator",
} satisfies Catalogue;
