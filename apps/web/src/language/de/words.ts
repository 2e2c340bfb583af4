import type { Catalogue } from "../spoken.ts";

/** What several rooms say. */
export const words = {
  Simulator: "Simulator",
  Queued: "Wartet",
  Succeeded: "Fertig",
  Failed: "Fehlgeschlagen",
  Canceled: "Abgebrochen",
  Picture: "Bild",
  "Enlarge: {0}": "Vergrößern: {0}",
  Seed: "Seed",
  link: "Link",
  Copy: "Kopieren",
  "Copy the link": "Link kopieren",
  Download: "Herunterladen",
} satisfies Catalogue;
