import type { Catalogue } from "../spoken.ts";

export const account = {
  "You are a guest here: what you make and send belongs to this browser, and nobody else sees it.":
    "Du bist hier Gast: Was du machst und sendest, gehört zu diesem Browser, und niemand sonst sieht es.",
  "You are a guest here, {0}: what you make and send belongs to this browser, and nobody else sees it.":
    "Du bist hier Gast, {0}: Was du machst und sendest, gehört zu diesem Browser, und niemand sonst sieht es.",
  "Take it along": "Mitnehmen",
  "One ZIP file with all that is yours: every picture and upload, and your jobs with their inputs, a line each.":
    "Eine ZIP-Datei mit allem, was dir gehört: jedes Bild, jeder Upload und deine Aufträge mit ihren Eingaben, je eine Zeile.",
  "Download everything": "Alles herunterladen",
  "Remove everything": "Alles löschen",
  "Remove everything that is yours?": "Alles löschen, was dir gehört?",
  everything: "alles",
  "All your jobs and pictures go, all you uploaded, every link at which you shared something, and your name.":
    "Alle deine Aufträge und Bilder verschwinden, alles, was du hochgeladen hast, jeder Link, unter dem du etwas geteilt hast, und dein Name.",
  "All your jobs and pictures go, all you uploaded, every link at which you shared something, and your sign-in, your API keys.":
    "Alle deine Aufträge und Bilder verschwinden, alles, was du hochgeladen hast, jeder Link, unter dem du etwas geteilt hast, deine Anmeldung und deine API-Schlüssel.",
  "What stays is an entry without a name, so that nobody can take your place, and for an hour how many pictures were made, because of the limits.":
    "Es bleibt ein Eintrag ohne Namen, damit niemand deinen Platz einnehmen kann, und wegen der Grenzen eine Stunde lang die Zahl der Bilder.",
  "Every job, picture, upload and shared link of yours goes now, and your name. Nobody can bring it back.":
    "Jeder Auftrag, jedes Bild, jeder Upload und jeder geteilte Link von dir verschwindet jetzt, auch dein Name. Niemand kann das zurückholen.",
  "Every job, picture, upload and shared link of yours goes now, and your sign-in, your API keys. Nobody can bring it back.":
    "Jeder Auftrag, jedes Bild, jeder Upload und jeder geteilte Link von dir verschwindet jetzt, auch deine Anmeldung und deine API-Schlüssel. Niemand kann das zurückholen.",
  Notifications: "Benachrichtigungen",
  "This browser can tell you when a picture is ready or has failed and you look elsewhere, also when no page of Darkroom is open.":
    "Dieser Browser kann dir sagen, wenn ein Bild fertig oder fehlgeschlagen ist, während du woanders bist, auch wenn keine Seite von Darkroom offen ist.",
  "This browser tells you when a picture is ready or has failed and you look elsewhere, also when no page of Darkroom is open.":
    "Dieser Browser sagt dir, wenn ein Bild fertig oder fehlgeschlagen ist, während du woanders bist, auch wenn keine Seite von Darkroom offen ist.",
  "This browser tells you when a picture is ready or has failed and you look elsewhere, while a page of Darkroom is open.":
    "Dieser Browser sagt dir, wenn ein Bild fertig oder fehlgeschlagen ist, während du woanders bist, solange eine Seite von Darkroom offen ist.",
  "Tell me here": "Sag es mir hier",
  "Tell me no more here": "Sag es mir hier nicht mehr",
  "This browser does not allow it. Allow notifications for this site in its settings, then try again.":
    "Dieser Browser erlaubt es nicht. Erlaube in seinen Einstellungen Benachrichtigungen für diese Seite und versuche es dann noch einmal.",
  "It could not be changed just now. Try again in a moment.":
    "Das ließ sich gerade nicht ändern. Versuche es gleich noch einmal.",
  "The pictures, videos, sounds and 3D models you sent to be worked on. Each stays for as long as a job uses it; the others are removed on the day shown.":
    "Die Bilder, Videos, Töne und 3D-Modelle, die du zum Bearbeiten gesendet hast. Jeder Upload bleibt, solange ein Auftrag ihn verwendet; die anderen werden am genannten Tag gelöscht.",
  "Your uploads could not be loaded.": "Deine Uploads ließen sich nicht laden.",
  "Nothing uploaded": "Nichts hochgeladen",
  "Files that you choose in the studio, to change or to enlarge, are listed here.":
    "Dateien, die du im Studio auswählst, um sie zu ändern oder zu vergrößern, stehen hier.",
  "upload of {0}, {1}": "Upload vom {0}, {1}",
  "Used by a job": "Von einem Auftrag verwendet",
  "Until {0}": "Bis {0}",
  "Remove this upload for good?": "Diesen Upload endgültig löschen?",
  "Jobs that were made from it keep their pictures, but cannot be run again. This cannot be undone.":
    "Aufträge, die daraus entstanden sind, behalten ihre Bilder, lassen sich aber nicht noch einmal ausführen. Das lässt sich nicht rückgängig machen.",
  Usage: "Verbrauch",
  "Submits in the last minute": "Aufträge in der letzten Minute",
  "Pictures in the last hour": "Bilder in der letzten Stunde",
  "Waiting in the queue": "In der Warteschlange",
  "Pictures and uploads that are kept": "Bilder und Uploads, die aufgehoben werden",
  "What everybody used this month (CSV)": "Verbrauch aller in diesem Monat (CSV)",
  "This browser cannot tell you when a picture is ready. On a phone it may once Darkroom is on the home screen.":
    "Dieser Browser kann dir nicht sagen, wann ein Bild fertig ist. Auf einem Telefon kann er es vielleicht, wenn Darkroom auf dem Startbildschirm liegt.",
} satisfies Catalogue;
