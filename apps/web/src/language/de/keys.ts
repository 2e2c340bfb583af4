import type { Catalogue } from "../spoken.ts";

export const keys = {
  "Alt + ↑ ↓": "Alt + ↑ ↓",
  "Ctrl or ⌘ + Shift + Enter": "Strg oder ⌘ + Umschalt + Eingabe",
  "Generate before all that waits": "Vor allem Wartenden erzeugen",
  Invert: "Umkehren",
  "Whole picture": "Ganzes Bild",
  Everywhere: "Überall",
  "Ctrl or ⌘ + K": "Strg oder ⌘ + K",
  "Go to": "Gehe zu",
  "Go to a page, a workflow or a job": "Zu einer Seite, einem Workflow oder einem Auftrag gehen",
  "A page, a workflow, a job's id, or words of a prompt":
    "Eine Seite, ein Workflow, die ID eines Auftrags oder Worte eines Prompts",
  Places: "Ziele",
  "The job {0}": "Der Auftrag {0}",
  "Make with {0}": "Machen mit: {0}",
  "Search the history for “{0}”": "Im Verlauf nach „{0}“ suchen",
  "Show these keys": "Diese Tasten zeigen",
  "In the form": "Im Formular",
  "A picture at its full size": "Ein Bild in voller Größe",
  "The picture before, the next one": "Das Bild davor, das nächste",
  "Use this size": "Diese Größe verwenden",
  "Edit and run, with another seed": "Ändern und starten, mit anderem Seed",
  "Use this workflow": "Diesen Workflow verwenden",
  "Two pictures compared": "Zwei Bilder im Vergleich",
  "Swap the two": "Beide tauschen",
  "The next way to compare": "Die nächste Art des Vergleichs",
  "Brush, eraser": "Pinsel, Radierer",
  "Size of the brush": "Größe des Pinsels",
  "Ctrl or ⌘ + Z": "Strg oder ⌘ + Z",
  "Keys that are pressed alone do something, in this browser":
    "Tasten, die allein gedrückt werden, tun in diesem Browser etwas",
} satisfies Catalogue;
