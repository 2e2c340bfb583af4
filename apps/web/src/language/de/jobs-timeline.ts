import type { Catalogue } from "../spoken.ts";

export const jobsTimeline = {
  Started: "Gestartet",
  "Preparing inputs": "Bereitet die Eingaben vor",
  "Went on": "Ging weiter",
  "Picture stored": "Bild gespeichert",
  "Animation stored": "Animation gespeichert",
  "Video stored": "Video gespeichert",
  "Sound stored": "Ton gespeichert",
  "Text stored": "Text gespeichert",
  "3D model stored": "3D-Modell gespeichert",
  "File stored": "Datei gespeichert",
  "A file was removed": "Eine Datei wurde gelöscht",
  "Marked as a favorite": "Als Favorit markiert",
  "No favorite any more": "Kein Favorit mehr",
  "Back in the queue: {0}": "Zurück in der Warteschlange: {0}",
  "Cancel asked for": "Abbruch verlangt",
  "ComfyUI no longer holds it": "ComfyUI hat ihn nicht mehr",
  "ComfyUI confirmed that it stopped": "ComfyUI hat das Ende bestätigt",
  "ComfyUI stopped it once it was told to free its memory":
    "ComfyUI hat ihn beendet, als es seinen Speicher freigeben sollte",
  "ComfyUI has not stopped it yet; that server gets nothing else until it has":
    "ComfyUI hat ihn noch nicht beendet; bis dahin bekommt dieser Server nichts anderes",
  "ComfyUI does not answer; it is removed there as soon as it does":
    "ComfyUI antwortet nicht; sobald es antwortet, wird er dort gelöscht",
  "Joined the queue": "In die Warteschlange gestellt",
} satisfies Catalogue;
