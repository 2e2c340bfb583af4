/** What is said of files that are sent, fetched or kept. */
export const files = {
  "The image is damaged: it could not be read to its end.":
    "Das Bild ist beschädigt: Es ließ sich nicht bis zum Ende lesen.",
  "The image takes longer than {0} s to read. Send a smaller one.":
    "Das Bild braucht länger als {0} s zum Lesen. Schicke ein kleineres.",
  "The image takes too much memory to read. Send a smaller one.":
    "Das Bild braucht zu viel Speicher zum Lesen. Schicke ein kleineres.",
  "The image has a side of more than {0} pixels.": "Das Bild hat eine Seite von mehr als {0} Pixeln.",
  "The image has more than {0} megapixels.": "Das Bild hat mehr als {0} Megapixel.",
  "Images of type {0} are not accepted.": "Bilder der Art {0} werden nicht angenommen.",
  "The file is not an image that can be read.": "Die Datei ist kein Bild, das sich lesen lässt.",
  "The file is not an image that can be read. {0}": "Die Datei ist kein Bild, das sich lesen lässt. {0}",
  "Send a PNG, JPEG, WebP, GIF, AVIF or BMP file instead.":
    "Schicke stattdessen eine Datei als PNG, JPEG, WebP, GIF, AVIF oder BMP.",
  "HEIC pictures cannot be read here. {0} An iPhone takes JPEG pictures with Settings, Camera, Formats, Most Compatible.":
    "HEIC-Bilder lassen sich hier nicht lesen. {0} Ein iPhone nimmt JPEG-Bilder auf mit Einstellungen, Kamera, Formate, Maximale Kompatibilität.",
  "TIFF pictures cannot be read here. {0}": "TIFF-Bilder lassen sich hier nicht lesen. {0}",
  "The image takes more than 40 MB when it is stored without loss. Send it as a JPEG file.":
    "Verlustfrei gespeichert braucht das Bild mehr als 40 MB. Schicke es als JPEG.",
  "The image has more than {0} frames.": "Das Bild hat mehr als {0} Einzelbilder.",
  "The image takes more than {0} MB of memory. Save it with 8 bits per channel.":
    "Das Bild braucht mehr als {0} MB Speicher. Sichere es mit 8 Bit je Kanal.",
  "This is not a {0} file, or it is damaged.": "Das ist keine {0}-Datei, oder sie ist beschädigt.",
  "The description in this file is larger than 16 MB. Save it as GLB.":
    "Die Beschreibung in dieser Datei ist größer als 16 MB. Sichere sie als GLB.",
  "This is not a GLB file of version 2, or it is damaged.":
    "Das ist keine GLB-Datei der Version 2, oder sie ist beschädigt.",
  "The description in this glTF is damaged.": "Die Beschreibung in diesem glTF ist beschädigt.",
  "This is not a glTF file.": "Das ist keine glTF-Datei.",
  "This glTF keeps its shapes or pictures in other files. Save it as one GLB file.":
    "Dieses glTF hat seine Formen oder Bilder in anderen Dateien. Sichere es als eine GLB-Datei.",
  "This OBJ names its materials by a path. Take its mtllib lines out, or save it as GLB.":
    "Dieses OBJ nennt seine Materialien mit einem Pfad. Nimm die mtllib-Zeilen heraus, oder sichere es als GLB.",
  "A line of this OBJ is too long to be one. Save it as GLB.":
    "Eine Zeile dieses OBJ ist zu lang, um eine zu sein. Sichere es als GLB.",
  "This file is no longer there.": "Diese Datei ist nicht mehr da.",
  "The pictures cannot be reached at the moment. Please try again.":
    "Die Bilder sind gerade nicht erreichbar. Bitte versuche es noch einmal.",
  "There is no room for files at the moment. Please try again later.":
    "Gerade ist kein Platz für Dateien. Bitte versuche es später noch einmal.",
  "Too many pictures are being read at the moment. Please try again.":
    "Gerade werden zu viele Bilder gelesen. Bitte versuche es noch einmal.",
  "No smaller copy can be made of this picture.": "Von diesem Bild lässt sich keine kleinere Kopie machen.",
  "The address answered {0}.": "Die Adresse antwortete mit {0}.",
  "The address redirects more than {0} times.": "Die Adresse leitet mehr als {0}-mal weiter.",
  "The address took too long to answer.": "Die Adresse brauchte zu lange für eine Antwort.",
  "The address could not be reached.": "Die Adresse war nicht erreichbar.",
  "There was no answer within {0} s.": "Innerhalb von {0} s kam keine Antwort.",
  "The address {0}": "Die Adresse {0}",
  "{0} can send {1} images a minute.": "Mehr als {1} Bilder in der Minute darf {0} nicht schicken.",
  "The form's content-type names no boundary.": "Der Content-Type des Formulars nennt keine Grenze (boundary).",
  "The form could not be read.": "Das Formular ließ sich nicht lesen.",
  "The form has no file.": "Im Formular ist keine Datei.",
  "The upload was broken off.": "Der Upload wurde abgebrochen.",
  "Images by address are switched off here. Upload the file instead.":
    "Bilder über eine Adresse sind hier abgeschaltet. Lade die Datei stattdessen hoch.",
  'The body must be {"url": "https://…"}.': 'Der Inhalt muss {"url": "https://…"} sein.',
  "A file of this kind {0}.": "Eine Datei dieser Art {0}.",
  "None of these files is there any more.": "Keine dieser Dateien ist noch da.",
} as const;
