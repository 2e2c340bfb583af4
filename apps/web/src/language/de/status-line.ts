import type { Catalogue } from "../spoken.ts";

/** Where a job stands, in one line. */
export const statusLine = {
  "Queued again": "Wartet wieder",
  "Queued · sending": "Wartet · wird gesendet",
  Preparing: "Bereitet vor",
  "ready in {0}": "fertig in {0}",
  "Step {0}/{1}": "Schritt {0}/{1}",
  "Step {0}/{1} ({2} %)": "Schritt {0}/{1} ({2} %)",
  "a moment left": "noch einen Moment",
  "{0} left": "noch {0}",
  "about {0} left": "noch etwa {0}",
  "{0} animations": { one: "{0} Animation", other: "{0} Animationen" },
  "{0} videos": { one: "{0} Video", other: "{0} Videos" },
  "{0} sounds": { one: "{0} Tonaufnahme", other: "{0} Tonaufnahmen" },
  "{0} texts": { one: "{0} Text", other: "{0} Texte" },
  "{0} 3D models": { one: "{0} 3D-Modell", other: "{0} 3D-Modelle" },
  "{0} generated": "{0} erzeugt",
  "{0} generated in {1}": "{0} erzeugt in {1}",
  "Canceled after {0}": "Abgebrochen nach {0}",
  "Canceled after {0} · about {1} of GPU time saved": "Abgebrochen nach {0} · etwa {1} GPU-Zeit gespart",
  "Failed after {0}": "Fehlgeschlagen nach {0}",
  "Picture started: {0}": "Bild begonnen: {0}",
  "Picture finished: {0}": "Bild fertig: {0}",
  "Picture failed: {0}": "Bild fehlgeschlagen: {0}",
  "Picture canceled: {0}": "Bild abgebrochen: {0}",
} satisfies Catalogue;
