import type { Catalogue } from "../spoken.ts";

export const images = {
  "Drop it on a field, or anywhere": "Auf einem Feld loslassen oder irgendwo sonst",
  "What shall be done with this picture?": "Was soll mit diesem Bild geschehen?",
  "What shall be done with it?": "Was soll damit geschehen?",
  "This file is no picture. Drop it on a field that takes its kind.":
    "Diese Datei ist kein Bild. Lass sie auf einem Feld los, das ihre Art annimmt.",
  "Upload of the picture": "Upload des Bildes",
  "Its inputs into the form": "Seine Eingaben ins Formular",
  "Its workflow: {0}": "Sein Workflow: {0}",
  "No workflow that could run now takes a picture.": "Kein Workflow, der jetzt laufen könnte, nimmt ein Bild an.",
  Nothing: "Nichts",
} satisfies Catalogue;
