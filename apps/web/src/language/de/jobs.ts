import type { Catalogue } from "../spoken.ts";

/** The cards of the studio, and what is asked and told of jobs on several pages. */
export const jobs = {
  "Edit these inputs": "Diese Eingaben bearbeiten",
  "Use this seed in the form": "Diesen Seed ins Formular übernehmen",
  "Contact sheet": "Kontaktabzug",
  "All pictures": "Alle Bilder",
  "Earlier pictures could not be loaded.": "Frühere Bilder ließen sich nicht laden.",
  "Nothing in the tray yet": "Noch nichts in der Schale",
  "A greenhouse at night, lit from within, rain on the glass":
    "Ein Gewächshaus bei Nacht, von innen erleuchtet, Regen auf dem Glas",
  "Paper boats on a dark canal, seen from above, soft flash":
    "Papierboote auf einem dunklen Kanal, von oben gesehen, weicher Blitz",
  "Portrait of an old astronomer, half in shadow, 85 mm": "Porträt einer alten Astronomin, halb im Schatten, 85 mm",
  "Example prompts": "Beispiele für Prompts",
  "Concerns: {0}": "Betrifft: {0}",
  "{0} more": "{0} weitere",
  "{0} waiting, next in {1}": "{0} in der Warteschlange, weiter in {1}",
  "Cancel all": "Alle abbrechen",
  "Tried again: {0}": "Neuer Versuch: {0}",
  "Not everything is as it was": "Nicht alles ist wie damals",
  "Leave it": "Lieber nicht",
  "Run anyway": "Trotzdem starten",
  "As it was, it cannot run on what is connected now.":
    "So, wie er war, kann der Auftrag mit dem, was jetzt verbunden ist, nicht laufen.",
  "The picture may come out differently.": "Das Bild kann anders ausfallen.",
  "{0} finished while you were away.": "Während du weg warst: {0} fertig.",
  "{0} failed while you were away.": "Während du weg warst: {0} fehlgeschlagen.",
  "{0} finished and {1} failed while you were away.": "Während du weg warst: {0} fertig und {1} fehlgeschlagen.",
  "Shall this browser tell you, with a sound, when a picture is ready and you look elsewhere?":
    "Soll dieser Browser dir mit einem Ton Bescheid geben, wenn ein Bild fertig ist und du gerade woanders bist?",
  "Tell me": "Ja, bitte",
  "Your picture is ready": "Dein Bild ist fertig",
  "Your picture failed": "Dein Bild ist fehlgeschlagen",
  "It goes with its inputs. This cannot be undone.":
    "Der Auftrag wird mit seinen Eingaben gelöscht. Das lässt sich nicht rückgängig machen.",
  "It goes with {0} files, its inputs, and every link at which it is shared. This cannot be undone.": {
    one: "Der Auftrag wird mit einer Datei, seinen Eingaben und jedem Link gelöscht, unter dem er geteilt ist. Das lässt sich nicht rückgängig machen.",
    other:
      "Der Auftrag wird mit {0} Dateien, seinen Eingaben und jedem Link gelöscht, unter dem er geteilt ist. Das lässt sich nicht rückgängig machen.",
  },
  "it failed and is tried again": "Er ist fehlgeschlagen und wird noch einmal versucht",
  "its worker was lost": "Sein Worker ging verloren",
  "its worker gave it back": "Sein Worker hat ihn zurückgegeben",
  "the backend lost it": "Das Backend hat ihn verloren",
  "its server is gone, so it starts again on whichever is free":
    "Sein Server ist weg, also beginnt er von vorn auf dem nächsten freien",
  "its server does not answer; it is waited for before it starts again elsewhere":
    "Sein Server antwortet nicht; auf ihn wird gewartet, bevor der Auftrag anderswo von vorn beginnt",
  "Canceled “{0}”.": "„{0}“ abgebrochen.",
  "Canceled {0} waiting jobs.": {
    one: "{0} wartenden Auftrag abgebrochen.",
    other: "{0} wartende Aufträge abgebrochen.",
  },
  "Removed: {0}": "Gelöscht: {0}",
  "Remove: {0}": "Löschen: {0}",
  "Remove this for good?": "Endgültig löschen?",
  "Frames per second": "Bilder je Sekunde",
} satisfies Catalogue;
