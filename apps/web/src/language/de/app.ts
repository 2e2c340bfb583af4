import type { Catalogue } from "../spoken.ts";

/** Titles and texts of the pages themselves, and what `trpc` and `ui` say. */
export const app = {
  Batch: "Batch",
  Connection: "Verbindung",
  "The link in the terminal works once and for a short time. Whoever presses the button in this browser becomes the admin of this Darkroom.":
    "Der Link im Terminal gilt ein einziges Mal und nur kurz. Wer in diesem Browser auf den Knopf drückt, wird der Admin dieser Darkroom-Installation.",
  "Edit a workflow": "Workflow bearbeiten",
  "Light got in": "Da kam Licht hinein",
  "Something on this page went wrong. Your jobs are safe: they run on the server.":
    "Auf dieser Seite ist etwas schiefgegangen. Deine Aufträge sind sicher: Sie laufen auf dem Server.",
  "Nothing developed here": "Hier wurde nichts entwickelt",
  "This page or picture does not exist, or is not shared with you any more.":
    "Diese Seite oder dieses Bild gibt es nicht, oder es wird nicht mehr mit dir geteilt.",
  "Pictures that people made here and chose to show.": "Bilder, die hier gemacht wurden und gezeigt werden sollen.",
  "What people made here and chose to show.": "Was hier gemacht wurde und gezeigt werden soll.",
  "Made by {0} with Darkroom.": "Gemacht von {0} mit Darkroom.",
  "What shall we develop?": "Was entwickeln wir?",
  "Describe it, press Generate, and watch it come up in the tray.":
    "Beschreibe es, drücke auf „Erzeugen“ und sieh zu, wie es in der Schale erscheint.",
  "Your pictures develop here, the newest first. Write what you would like to see and press Generate; you may start the next one at once.":
    "Hier entwickeln sich deine Bilder, das neueste zuerst. Schreib, was du sehen möchtest, und drücke auf „Erzeugen“; das nächste kannst du gleich danach starten.",
  "This browser blocks cookies for this site, so nothing that you make could be kept for you. Allow them and reload the page.":
    "Dieser Browser blockiert Cookies für diese Seite, deshalb ließe sich nichts für dich aufheben, was du machst. Erlaube sie und lade die Seite neu.",
  "Use as input": "Als Eingabe verwenden",
  "The request was refused.": "Die Anfrage wurde abgelehnt.",
  "The {0} is copied.": "{0} ist kopiert.",
  "The browser did not allow copying the {0}.": "Der Browser hat das Kopieren nicht erlaubt: {0}.",
  "Copy the {0}": "{0} kopieren",
  "Load more": "Mehr laden",
} satisfies Catalogue;
