import type { Catalogue } from "../spoken.ts";

export const batches = {
  Batches: "Batches",
  "A batch": "Ein Batch",
  "Loading the batch": "Der Batch wird geladen",
  "Batch not found": "Batch nicht gefunden",
  "The batch could not be loaded.": "Der Batch ließ sich nicht laden.",
  "There is no such batch": "Diesen Batch gibt es nicht",
  "It may belong to someone else, or its pictures were removed.":
    "Vielleicht gehört er jemand anderem, oder seine Bilder wurden gelöscht.",
  "Cancel the rest": "Den Rest abbrechen",
  "Try {0} again": "{0} noch einmal versuchen",
  "In the history": "Im Verlauf",
  "a file": "eine Datei",
  "Seed {0}": "Seed {0}",
  "Grid of the batch": "Raster des Batchs",
  "Cancel: {0}": "Abbrechen: {0}",
  "Try again: {0}": "Noch einmal versuchen: {0}",
  "Its page: {0}": "Seine Seite: {0}",
  "Not sent yet": "Noch nicht gesendet",
  "{0} pictures are not sent.": { one: "{0} Bild ist nicht gesendet.", other: "{0} Bilder sind nicht gesendet." },
  "{0} pictures are not sent yet. Keep this tab open: they follow as room appears.": {
    one: "{0} Bild ist noch nicht gesendet. Lass diesen Tab offen: Es folgt, sobald Platz ist.",
    other: "{0} Bilder sind noch nicht gesendet. Lass diesen Tab offen: Sie folgen, sobald Platz ist.",
  },
  "Send the rest": "Den Rest senden",
  "{1}: {0} prompts": { one: "{1}: {0} Prompt", other: "{1}: {0} Prompts" },
  "{0} pictures: {1}": { one: "{0} Bild: {1}", other: "{0} Bilder: {1}" },
  "{0} done": "{0} fertig",
  "{0} failed": "{0} fehlgeschlagen",
  "{0} canceled": "{0} abgebrochen",
  "{0} not sent yet": "{0} noch nicht gesendet",
} satisfies Catalogue;
