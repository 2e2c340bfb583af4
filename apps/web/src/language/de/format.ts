import type { Catalogue } from "../spoken.ts";

export const format = {
  "a moment": "einem Moment",
  "about {0}": "etwa {0}",
  "next in line": "als Nächstes dran",
  "{0} in line": "an {0} Stelle",
  "just now": "gerade eben",
  "{0} min ago": "vor {0} min",
  "{0} h ago": "vor {0} h",
  yesterday: "gestern",
  Yesterday: "Gestern",
} satisfies Catalogue;
