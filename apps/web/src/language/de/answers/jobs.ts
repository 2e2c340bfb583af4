/** Why a job waits, what it does, how it ended; what alerts tell. */
export const jobs = {
  "Not stopped yet": "Noch nicht angehalten",
  "Not stopped yet: “{0}” goes on": "Noch nicht angehalten: „{0}“ läuft weiter",
  "Not stopped yet: its server goes on": "Noch nicht angehalten: Sein Server arbeitet weiter",
  "Next in the queue": "Als Nächstes an der Reihe",
  "It waits a moment before the next try.": "Er wartet einen Moment bis zum nächsten Versuch.",
  "The queue is paused.": "Die Warteschlange ist angehalten.",
  "No backend is connected.": "Kein Backend ist verbunden.",
  "No worker is running.": "Kein Worker läuft.",
  "The backend does not answer.": "Das Backend antwortet nicht.",
  "No backend answers.": "Kein Backend antwortet.",
  "Operators are draining every backend.": "Betreiber lassen jedes Backend auslaufen.",
  "It goes on at the backend that holds its prompt.": "Es geht bei dem Backend weiter, das seinen Prompt hat.",
  "The backend that holds its prompt does not answer.": "Das Backend, das seinen Prompt hat, antwortet nicht.",
  "Only one backend can run it, and operators are draining that one.":
    "Nur ein Backend kann ihn ausführen, und Betreiber lassen es auslaufen.",
  "Only one backend can run it, and it does not answer.": "Nur ein Backend kann ihn ausführen, und es antwortet nicht.",
  "No backend that can run it takes new work just now.": "Kein Backend, das ihn ausführen kann, nimmt gerade Neues an.",
  "Only one backend can run it, and it is busy.": "Nur ein Backend kann ihn ausführen, und es ist beschäftigt.",
  "Only {0} of {1} backends can run it, and they are busy.":
    "Nur {0} von {1} Backends können ihn ausführen, und sie sind beschäftigt.",
  "No connected backend has the node {0}.": "Kein verbundenes Backend hat den Knoten {0}.",
  "No connected backend has the model {0}.{1}": "Kein verbundenes Backend hat das Modell {0}.{1}",
  "Three workers in a row stopped while they held this job, so it was stopped.":
    "Drei Worker nacheinander hörten auf, während sie diesen Auftrag hatten; darum wurde er angehalten.",
  "The backend lost this job three times while it ran, so it was stopped. It may need more memory than there is.":
    "Das Backend verlor diesen Auftrag dreimal, während er lief; darum wurde er angehalten. Vielleicht braucht er mehr Speicher, als da ist.",
  "ComfyUI refused the workflow: {0}": "ComfyUI hat den Workflow abgelehnt: {0}",
  "ComfyUI refused {0}: {1}{2}": "ComfyUI hat {0} abgelehnt: {1}{2}",
  "Somebody interrupted the prompt on ComfyUI itself. Try again.":
    "Jemand hat den Prompt in ComfyUI selbst unterbrochen. Versuche es noch einmal.",
  "ComfyUI no longer knows the prompt; it was probably restarted. It runs again.":
    "ComfyUI kennt den Prompt nicht mehr; wahrscheinlich wurde es neu gestartet. Er läuft noch einmal.",
  "ComfyUI ran the prompt, and it made no progress for {0}. {1} It runs again.":
    "ComfyUI führte den Prompt aus, und {0} lang ging es nicht voran. {1} Er läuft noch einmal.",
  "It ran longer than its limit of {0}. {1} Try fewer steps or a smaller size.":
    "Er lief länger als seine Grenze von {0}. {1} Versuche weniger Schritte oder eine kleinere Größe.",
  "The file given for {0} is no longer there. Upload it again.":
    "Die Datei für {0} ist nicht mehr da. Lade sie noch einmal hoch.",
  "The file given for {0} is larger than the {1} MB that ComfyUI takes there. Give a smaller one, or have ComfyUI started with a larger --max-upload-size.":
    "Die Datei für {0} ist größer als die {1} MB, die ComfyUI dort annimmt. Gib eine kleinere, oder lass ComfyUI mit größerem --max-upload-size starten.",
  "ComfyUI had finished, but the files were gone before they could be stored. It runs again.":
    "ComfyUI war fertig, aber die Dateien waren weg, bevor sie gesichert werden konnten. Er läuft noch einmal.",
  "ComfyUI's file {0} was cut short each time it was fetched.":
    "ComfyUIs Datei {0} war jedes Mal abgeschnitten, wenn sie geholt wurde.",
  "Darkroom failed to run this job. The details are logged.":
    "Darkroom konnte diesen Auftrag nicht ausführen. Die Einzelheiten stehen im Log.",
  "The backend's GPU failed. It runs again, elsewhere if it can.":
    "Die GPU des Backends fiel aus. Er läuft noch einmal, wenn möglich anderswo.",
  "The backend's disk takes no files. It runs again, elsewhere if it can.":
    "Die Festplatte des Backends nimmt keine Dateien an. Er läuft noch einmal, wenn möglich anderswo.",
  'ComfyUI ran out of memory in "{0}": {1}. Try a smaller size or fewer pictures.':
    "ComfyUI ging in „{0}“ der Speicher aus: {1}. Versuche eine kleinere Größe oder weniger Bilder.",
  '"{0}" failed in ComfyUI: {1}': "„{0}“ ist in ComfyUI fehlgeschlagen: {1}",
  "It was stopped.": "Er wurde angehalten.",
  "It was stopped once ComfyUI had been told to free its memory.":
    "Er wurde angehalten, als ComfyUI seinen Speicher freigeben sollte.",
  "ComfyUI did not stop it, so that server gets nothing else until it has.":
    "ComfyUI hielt ihn nicht an; bis dahin bekommt dieser Server nichts anderes.",
  "Its server does not answer any more.": "Sein Server antwortet nicht mehr.",
  "Next on its server": "Als Nächstes auf seinem Server",
  "Next on {0}": "Als Nächstes auf {0}",
  "Step {0}/{1}": "Schritt {0}/{1}",
  "Loading image": "Lädt das Bild",
  "Loading model": "Lädt das Modell",
  "Loading {0}": "Lädt {0}",
  "ComfyUI reported success, but the workflow made nothing. {0}":
    "ComfyUI meldete Erfolg, aber der Workflow machte nichts. {0}",
  "ComfyUI's file {0} is empty.": "ComfyUIs Datei {0} ist leer.",
  "ComfyUI's file {0} was cut short: {1} of {2} bytes.": "ComfyUIs Datei {0} war abgeschnitten: {1} von {2} Bytes.",
  "ComfyUI's file {0} is larger than 2 GB.": "ComfyUIs Datei {0} ist größer als 2 GB.",
  "ComfyUI reported success, but its file {0} is not there.":
    "ComfyUI meldete Erfolg, aber seine Datei {0} ist nicht da.",
  "It is text.": "Sie ist Text.",
  "It is damaged.": "Sie ist beschädigt.",
  "ComfyUI's file {0} cannot be read. {1}": "ComfyUIs Datei {0} lässt sich nicht lesen. {1}",
  "It was switched off or its input was blocked, and ComfyUI gave no reason.":
    "Er war ausgeschaltet oder seine Eingabe gesperrt, und ComfyUI gab keinen Grund an.",
  "ComfyUI does not stop the prompt; it is told to free its memory":
    "ComfyUI hält den Prompt nicht an; es soll seinen Speicher freigeben",
  "It was made with ComfyUI {0} and {1} {2} now.": "Es entstand mit ComfyUI {0}, und {1} {2} jetzt.",
  "The workflow has a newer version, {0}. Run again uses version {1}, as before.":
    "Der Workflow hat eine neuere Version, {0}. Noch einmal laufen lassen nimmt Version {1} wie zuvor.",
  "A job has waited for {0}.": "Ein Auftrag wartet seit {0}.",
  "One in twenty jobs waits for {0} or more.": "Einer von zwanzig Aufträgen wartet {0} oder länger.",
  "No worker is alive.": "Kein Worker ist am Leben.",
  "The storage on {0} has {1} GB left.": "Der Speicher auf {0} hat noch {1} GB.",
  "Redis does not answer. Jobs run on; new ones start a little later.":
    "Redis antwortet nicht. Aufträge laufen weiter; neue beginnen etwas später.",
  "Redis has used {0} of its memory.": "Redis hat {0} seines Speichers belegt.",
  "Postgres takes {0} s to answer.": "Postgres braucht {0} s für eine Antwort.",
  "Half of the runs are {0} or more off what was promised.":
    "Die Hälfte der Läufe liegt {0} oder mehr neben dem, was zugesagt war.",
  "Postgres does not answer. What runs goes on; nothing new is taken or shown.":
    "Postgres antwortet nicht. Was läuft, läuft weiter; Neues wird weder angenommen noch gezeigt.",
  "{0} jobs wait.": "{0} Aufträge warten.",
  "{0} of {1} jobs failed within ten minutes.": "{0} von {1} Aufträgen scheiterten innerhalb von zehn Minuten.",
  "{0} does not answer.": "{0} antwortet nicht.",
  "{0} answers, but its jobs come back undone: it is given nothing.":
    "{0} antwortet, aber seine Aufträge kommen unerledigt zurück: Es bekommt nichts.",
} as const;
