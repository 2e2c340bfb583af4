/** What the simulator says of the faults that it can have, and of what they take. */
export const simulator = {
  "closes its port and every connection, this control endpoint too, and opens it again after `forMs`":
    "Schließt seinen Port und jede Verbindung, auch die zu dieser Steuerung, und öffnet ihn nach `forMs` wieder",
  "answers so much later": "Antwortet um so viel später",
  "accepts requests and never answers them; lifting it cuts those connections":
    "Nimmt Anfragen an und beantwortet sie nie; wird es behoben, trennt er diese Verbindungen",
  "answers with this status and does nothing": "Antwortet mit diesem Status und tut nichts",
  "the node stops for good, deaf to interrupts unless `interruptible`; lifting it lets the node go on":
    "Der Knoten bleibt stehen und überhört Abbrüche, außer mit `interruptible`; wird es behoben, läuft er weiter",
  "the node fails as PyTorch does when the memory of the device is used up":
    "Der Knoten schlägt fehl wie PyTorch, wenn der Speicher des Geräts voll ist",
  "the node fails with this exception": "Der Knoten schlägt mit dieser Ausnahme fehl",
  "the process ends without a word, as under SIGKILL: as the node begins, in that step, or at once":
    "Der Prozess endet wortlos wie unter SIGKILL: wenn der Knoten beginnt, in jenem Schritt oder sofort",
  "sockets open and answer pings, and nothing is sent on any of them":
    "Sockets öffnen sich und beantworten Pings, und auf keinem wird etwas gesendet",
  "every open socket is forgotten as if a newer one had closed: it pongs and gets nothing more":
    "Jeder offene Socket wird vergessen, als hätte sich ein neuerer geschlossen: Er beantwortet Pings und bekommt nichts mehr",
  "a socket is cut without a closing frame after it got so many more":
    "Ein Socket wird nach so vielen weiteren Frames ohne Abschied getrennt",
  "a file is saved with noise in it, half of it, or with nothing in it":
    "Eine Datei wird mit Rauschen gespeichert, zur Hälfte oder leer",
  "/view sends no faster than this": "/view sendet nicht schneller als das",
  "/view cuts the connection after so many bytes of the body":
    "/view trennt die Verbindung nach so vielen Bytes des Inhalts",
  "what has ended is forgotten, and so is what ends from now on":
    "Was fertig ist, wird vergessen, und auch, was von jetzt an fertig wird",
  "prompts are accepted and none begins, as after the death of ComfyUI's worker thread":
    "Aufträge werden angenommen, und keiner beginnt, wie nach dem Tod von ComfyUIs Arbeitsthread",
  "only paths that begin so, as ComfyUI names them without /api; unset: all":
    "nur Pfade, die so beginnen, wie ComfyUI sie ohne /api nennt; leer: alle",
  "goes by itself after so many; unset: stays until it is lifted":
    "geht nach so vielen Malen von selbst; leer: bleibt, bis es behoben wird",
  "goes by itself after so many": "geht nach so vielen Malen von selbst",
  milliseconds: "Millisekunden",
  "an HTTP status, 400 to 599": "ein HTTP-Status, 400 bis 599",
  "only this prompt; unset: whichever comes": "nur dieser Prompt; leer: jeder, der kommt",
  "a node's id or class; unset: the first that runs, or with `step` that steps":
    "Kennung oder Klasse eines Knotens; leer: der erste, der läuft, oder mit `step` der erste mit Schritten",
  "in that step of the node; unset: as it begins": "in diesem Schritt des Knotens; leer: wenn er beginnt",
  "an interrupt ends it": "ein Abbruch beendet es",
  "waits for no node": "wartet auf keinen Knoten",
  "frames that it still gets": "Frames, die er noch bekommt",
  "what is wrong with the file": "was an der Datei falsch ist",
  "of each download": "jedes Downloads",
  "bytes that still come": "Bytes, die noch kommen",
  "the Python name of the exception": "der Python-Name der Ausnahme",
  "what it says": "was sie sagt",
} as const;
