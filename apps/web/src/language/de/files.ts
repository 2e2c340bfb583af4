import type { Catalogue } from "../spoken.ts";

/** Files that a form takes: pictures, videos, sounds, 3D models, and masks that are painted here. */
export const files = {
  "Drop, paste or choose an image": "Bild hierher ziehen, einfügen oder auswählen",
  "Drop, paste or choose a video": "Video hierher ziehen, einfügen oder auswählen",
  "Drop, paste or choose a sound": "Ton hierher ziehen, einfügen oder auswählen",
  "Drop, paste or choose a 3D model": "3D-Modell hierher ziehen, einfügen oder auswählen",
  "PNG, JPEG or WebP": "PNG, JPEG oder WebP",
  "MP4, MOV, WebM or MKV": "MP4, MOV, WebM oder MKV",
  "MP3, WAV, FLAC, Ogg or M4A": "MP3, WAV, FLAC, Ogg oder M4A",
  "GLB, glTF in one file, OBJ, STL, PLY or FBX": "GLB, glTF in einer Datei, OBJ, STL, PLY oder FBX",
  "{0}, at most {1}": "{0}, höchstens {1}",
  "A video of yours": "Ein Video von dir",
  "A sound of yours": "Ein Ton von dir",
  "A 3D model of yours": "Ein 3D-Modell von dir",
  "{0}: drop or paste a file here": "{0}: Datei hierher ziehen oder einfügen",
  "Chosen for {0}": "Gewählt für „{0}“",
  "Choose another to replace it": "Wähle eine andere Datei, um sie zu ersetzen",
  "Uploading, {0} %": "Lädt hoch, {0} %",
  "Upload of {0}": "Upload von „{0}“",
  "Remove the {0}": "„{0}“ entfernen",
  "Wait until the image is uploaded.": "Warte, bis das Bild hochgeladen ist.",
  "The upload was stopped.": "Der Upload wurde angehalten.",
  "This file is not an image that the browser can read.": "Diese Datei ist kein Bild, das der Browser lesen kann.",
  "This file has {0}; a picture may have {1} at most. Choose a smaller one.":
    "Diese Datei hat {0}; ein Bild darf höchstens {1} haben. Wähle ein kleineres.",
  "This file has {0}; a video may have {1} at most. Choose a smaller one.":
    "Diese Datei hat {0}; ein Video darf höchstens {1} haben. Wähle ein kleineres.",
  "This file has {0}; a sound may have {1} at most. Choose a smaller one.":
    "Diese Datei hat {0}; ein Ton darf höchstens {1} haben. Wähle einen kleineren.",
  "This file has {0}; a 3D model may have {1} at most. Choose a smaller one.":
    "Diese Datei hat {0}; ein 3D-Modell darf höchstens {1} haben. Wähle ein kleineres.",
  "This file is a picture.": "Diese Datei ist ein Bild.",
  "This file is a video.": "Diese Datei ist ein Video.",
  "This file is a sound.": "Diese Datei ist ein Ton.",
  "This file is a 3D model.": "Diese Datei ist ein 3D-Modell.",
  "A picture is needed here.": "Gebraucht wird hier ein Bild.",
  "A video is needed here.": "Gebraucht wird hier ein Video.",
  "A sound is needed here.": "Gebraucht wird hier ein Ton.",
  "A 3D model is needed here.": "Gebraucht wird hier ein 3D-Modell.",
  "Once the image is chosen, its mask can be painted here.":
    "Sobald das Bild gewählt ist, lässt sich seine Maske hier malen.",
  "Paint the mask": "Die Maske malen",
  "Change the mask": "Die Maske ändern",
  "{0} from the left, {1} from the top.": "{0} von links, {1} von oben.",
  "Mask over the picture. The arrow keys move the brush, Space paints, brackets change its size, I inverts, plus and minus zoom.":
    "Maske über dem Bild. Die Pfeiltasten bewegen den Pinsel, die Leertaste malt, eckige Klammern ändern seine Größe, I kehrt um, Plus und Minus vergrößern und verkleinern.",
  "{0} % of the picture is masked.": "{0} % des Bildes sind maskiert.",
  "Brush (B)": "Pinsel (B)",
  "Eraser (E)": "Radierer (E)",
  "[ and ]": "[ und ]",
  Feather: "Weiche Kante",
  "Undo (Ctrl or ⌘ + Z)": "Rückgängig (Strg oder ⌘ + Z)",
  "Redo (Shift + Ctrl or ⌘ + Z)": "Wiederholen (Umschalt + Strg oder ⌘ + Z)",
  "Invert (I)": "Umkehren (I)",
  Fill: "Füllen",
  Clear: "Leeren",
  "Whole picture (0)": "Ganzes Bild (0)",
  "Use this mask": "Diese Maske nehmen",
  "What is painted is made anew. Wheel or pinch zooms, the middle button or two fingers move the picture. By keyboard: the arrow keys move the brush, Space paints, Shift moves further, + and − zoom.":
    "Was gemalt ist, wird neu gemacht. Mausrad oder zwei Finger auseinander vergrößern, die mittlere Taste oder zwei Finger bewegen das Bild. Mit der Tastatur: Die Pfeiltasten bewegen den Pinsel, die Leertaste malt, Umschalt geht weiter, + und − vergrößern und verkleinern.",
  "What is painted is made anew. Two fingers zoom and move the picture.":
    "Was gemalt ist, wird neu gemacht. Zwei Finger vergrößern und bewegen das Bild.",
  "Leave without this mask?": "Ohne diese Maske gehen?",
  "Go on painting": "Weitermalen",
  "Leave without it": "Ohne sie gehen",
  "What you painted here is not in the form yet, and goes.":
    "Was du hier gemalt hast, steht noch nicht im Formular und geht verloren.",
  "The picture could not be loaded. Close this and try again.":
    "Das Bild ließ sich nicht laden. Schließe dies und versuche es noch einmal.",
} satisfies Catalogue;
