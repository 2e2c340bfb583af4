/** What the check of a workflow, its import and the comparison of two versions tell. */
export const workflows = {
  "The connected server{0} cannot run this.": "Der verbundene Server{0} kann das nicht ausführen.",
  "None of the {0} connected servers can run this. The one that comes closest{1}:":
    "Keiner der {0} verbundenen Server kann das ausführen. Der am ehesten könnte{1}:",
  "This workflow uses nodes that may not run here: {0}. An admin can allow them.":
    "Dieser Workflow hat Knoten, die hier nicht laufen dürfen: {0}. Ein Admin kann sie erlauben.",
  'The input {0} holds a list that is no link. A list that is a value is written as {"__value__": […]}; a link is a node\'s id and the number of its output. Export the workflow again from ComfyUI.':
    'Die Eingabe {0} enthält eine Liste, die keine Verbindung ist. Eine Liste als Wert schreibt man {"__value__": […]}; eine Verbindung ist die Kennung eines Knotens und die Nummer seines Ausgangs. Exportiere den Workflow noch einmal aus ComfyUI.',
  "The input {0} is linked to node {1}, which is not in the graph. Was it muted or deleted? Reconnect it in ComfyUI and export again.":
    "Die Eingabe {0} ist mit Knoten {1} verbunden, der nicht im Graphen ist. Wurde er stummgeschaltet oder gelöscht? Verbinde sie in ComfyUI neu und exportiere noch einmal.",
  "The input {0} is linked to output {1} of {2}, which has {3}. The node has changed since: reconnect it in ComfyUI.":
    "Die Eingabe {0} ist mit Ausgang {1} von {2} verbunden, der {3} hat. Der Knoten hat sich seitdem geändert: Verbinde sie in ComfyUI neu.",
  "The input {0} takes {1}, and is linked to {2} of {3}.":
    "Die Eingabe {0} nimmt {1} und ist mit {2} von {3} verbunden.",
  "No output depends on this node, so it never runs.": "Keine Ausgabe hängt von diesem Knoten ab, also läuft er nie.",
  "The input {0} ({1}) has no value, and the node on this server has no default for it. Set it or link it in ComfyUI, and import the workflow again.":
    "Die Eingabe {0} ({1}) hat keinen Wert, und der Knoten auf diesem Server hat keine Vorgabe. Setze oder verbinde sie in ComfyUI und importiere den Workflow noch einmal.",
  "The input {0} ({1}) is not linked. Link it to a node in ComfyUI and import the workflow again.":
    "Die Eingabe {0} ({1}) ist nicht verbunden. Verbinde sie in ComfyUI mit einem Knoten und importiere den Workflow noch einmal.",
  "This node is chosen as an output and does not save by itself. What it expands into may: its files are kept then. Else choose the node that saves the result.":
    "Dieser Knoten ist als Ausgabe gewählt und sichert selbst nichts. Vielleicht tut es, wozu er sich entfaltet: Dann werden dessen Dateien behalten. Sonst wähle den Knoten, der das Ergebnis sichert.",
  "This node is chosen as an output, but saves nothing. Choose the node that saves the result.":
    "Dieser Knoten ist als Ausgabe gewählt, sichert aber nichts. Wähle den Knoten, der das Ergebnis sichert.",
  "This node runs too, and what it makes is not kept: it is not among the outputs.":
    "Auch dieser Knoten läuft, und was er macht, wird nicht behalten: Er ist nicht unter den Ausgaben.",
  "Two inputs are called {0}. Rename one of them.": "Zwei Eingaben heißen {0}. Benenne eine um.",
  "The default of {0} does not fit it: {1}.": "Die Vorgabe von {0} passt nicht: {1}.",
  "These nodes wait for one another and would never run: {0}. Cut one of the links in ComfyUI.":
    "Diese Knoten warten aufeinander und liefen nie: {0}. Trenne in ComfyUI eine der Verbindungen.",
  "No node's files are the result. Choose at least one output.":
    "Keines Knotens Dateien sind das Ergebnis. Wähle mindestens eine Ausgabe.",
  "The output {0} is not a node of the graph. Choose another.":
    "Die Ausgabe {0} ist kein Knoten des Graphen. Wähle eine andere.",
  "A binding sets {0} from {1}, which is no declared input.":
    "Eine Bindung setzt {0} aus {1}, und das ist keine erklärte Eingabe.",
  "The number in {0} is too large to be kept exactly. Import the file itself, make it an input, or choose one below 9,007,199,254,740,992.":
    "Die Zahl in {0} ist zu groß, um genau behalten zu werden. Importiere die Datei selbst, mach sie zur Eingabe, oder wähle eine unter 9.007.199.254.740.992.",
  "The pictures that this node gives are drawn by ComfyUI's page when a person opens the model there. A job has no page, so they are black. Use the model itself (model_3d, mesh_path), or a node that renders it.":
    "Die Bilder dieses Knotens zeichnet ComfyUIs Seite, wenn jemand das Modell dort öffnet. Ein Auftrag hat keine Seite, also sind sie schwarz. Nimm das Modell selbst (model_3d, mesh_path), oder einen Knoten, der es zeichnet.",
  "Nothing sets the {0} that this node loads ({1}), so each job would need the one of whoever drew the workflow. Make it an input of the form, or publish all the same if the file is on every server.":
    "Nichts setzt, was dieser Knoten lädt ({0}: {1}); jeder Auftrag bräuchte also die Datei dessen, der den Workflow gezeichnet hat. Mach sie zur Eingabe des Formulars, oder veröffentliche trotzdem, wenn sie auf jedem Server liegt.",
  "This node loads {0} ({1}), which a job cannot send. Replace the node (for a picture by LoadImage), or publish all the same if the file is on every server: each job then uses that one.":
    "Dieser Knoten lädt {0} ({1}), was ein Auftrag nicht schicken kann. Ersetze ihn (für ein Bild durch LoadImage), oder veröffentliche trotzdem, wenn die Datei auf jedem Server liegt: Jeder Auftrag nimmt dann sie.",
  "The input {0} takes {1} from another node, and holds {2}. Link it to one in ComfyUI and import the workflow again.":
    "Die Eingabe {0} nimmt {1} von einem anderen Knoten und enthält {2}. Verbinde sie in ComfyUI und importiere den Workflow noch einmal.",
  "{0} is {1}, which ComfyUI takes for {2}. Give it {3}.": "{0} ist {1}, was ComfyUI für {2} nimmt. Gib {3}.",
  "{0} must be {1}, and is {2}.": "{0} muss {1} sein und ist {2}.",
  "{0} is {1}; this node takes {2}.": "{0} ist {1}; dieser Knoten nimmt {2}.",
  "{0} is no choice of {1}. {2}": "{0} ist bei {1} nicht zu wählen. {2}",
  "The server has none at all.": "Der Server hat gar keine.",
  "The closest it has: {0}.": "Am nächsten kommt, was er hat: {0}.",
  "No backend is connected, so nodes, models and bounds could not be checked. Check again when one is up.":
    "Kein Backend ist verbunden, darum ließen sich Knoten, Modelle und Grenzen nicht prüfen. Prüfe noch einmal, wenn eines da ist.",
  "The model “{0}” is on no backend, so jobs take “{1}” unless they name another. The closest there is: {2}.":
    "Das Modell „{0}“ ist auf keinem Backend; darum nehmen Aufträge „{1}“, wenn sie kein anderes nennen. Am nächsten kommt: {2}.",
  "The node {0} is not on the list of nodes that may run here.{1} A node is a program with access to the server it runs on: an admin can allow it.":
    "Der Knoten {0} steht nicht auf der Liste derer, die hier laufen dürfen.{1} Ein Knoten ist ein Programm mit Zugriff auf seinen Server: Ein Admin kann ihn erlauben.",
  "With {0} “{1}”: {2}": "Mit {0} „{1}“: {2}",
  "Import a file that ComfyUI saves or exports: in ComfyUI, open the workflow and choose File → Save or File → Export.":
    "Importiere eine Datei, die ComfyUI sichert oder exportiert: Öffne in ComfyUI den Workflow und wähle Datei → Speichern oder Datei → Exportieren.",
  "It is not a JSON object.": "Es ist kein JSON-Objekt.",
  "None of its fields is a node with a class_type.": "Keines seiner Felder ist ein Knoten mit class_type.",
  "It has no nodes.": "Er hat keine Knoten.",
  "It has {0} nodes; {1} are the most.": "Er hat {0} Knoten; mehr als {1} dürfen es nicht sein.",
  "It is not JSON: {0}.": "Es ist kein JSON: {0}.",
  "This is not a ComfyUI workflow. {0} {1}": "Das ist kein ComfyUI-Workflow. {0} {1}",
  "The node {0} is not installed. {1}": "Der Knoten {0} ist nicht installiert. {1}",
  "It has none at all.": "Er hat gar keine.",
  "The model “{0}” is not installed. Put the file into {1} on the ComfyUI server, or choose another. {2}":
    "Das Modell „{0}“ ist nicht installiert. Lege die Datei auf dem ComfyUI-Server in {1}, oder wähle ein anderes. {2}",
  "It comes with ComfyUI {0}{1}: update ComfyUI on the server.":
    "Er gehört zu ComfyUI {0}{1}: Aktualisiere ComfyUI auf dem Server.",
  "It comes with ComfyUI {0}{1}: it failed to load or is switched off there. Look at what the server printed when it started, or update ComfyUI.":
    "Er gehört zu ComfyUI {0}{1}: Er ließ sich nicht laden oder ist dort abgeschaltet. Sieh nach, was der Server beim Start schrieb, oder aktualisiere ComfyUI.",
  "Install {0} on the server{1}, or replace it.": "Installiere {0} auf dem Server{1}, oder ersetze ihn.",
  "Called “{0}” instead of “{1}”.": "Heißt „{0}“ statt „{1}“.",
  "The description changed.": "Die Beschreibung hat sich geändert.",
  "“{0}” is gone: requests that give it are refused.": "„{0}“ ist weg: Anfragen, die es angeben, werden abgelehnt.",
  "“{0}” is called “{1}” now: requests that give the old name are refused.":
    "„{0}“ heißt jetzt „{1}“: Anfragen mit dem alten Namen werden abgelehnt.",
  "“{0}” sets other inputs of the graph.": "„{0}“ setzt andere Eingaben des Graphen.",
  "“{0}” is new and has no default: requests without it are refused.":
    "„{0}“ ist neu und hat keine Vorgabe: Anfragen ohne es werden abgelehnt.",
  "“{0}” is new.": "„{0}“ ist neu.",
  "“{0}” was of kind {1} and is {2} now.": "„{0}“ war von der Art {1} und ist jetzt {2}.",
  "How the form shows “{0}” changed.": "Wie das Formular „{0}“ zeigt, hat sich geändert.",
  "“{0}” must be given now.": "„{0}“ muss jetzt angegeben werden.",
  "“{0}” may be left out now.": "„{0}“ darf jetzt fehlen.",
  "“{0}” always exists now.": "„{0}“ gibt es jetzt immer.",
  "“{0}” exists only where {1} is {2} now.": "„{0}“ gibt es jetzt nur, wo {1} {2} ist.",
  "“{0}” is sent as it is written now: {a|b} and comments stay.":
    "„{0}“ wird jetzt geschickt, wie es dasteht: {a|b} und Kommentare bleiben.",
  "One of {a|b} is drawn in “{0}” now, and comments are cut.":
    "In „{0}“ wird jetzt eines von {a|b} gezogen, und Kommentare fallen weg.",
  "“{0}” does not take {1} any more.": "„{0}“ nimmt {1} nicht mehr.",
  "“{0}” also takes {1}.": "„{0}“ nimmt auch {1}.",
  "“{0}” may have {1} characters instead of {2}.": "„{0}“ darf {1} Zeichen haben statt {2}.",
  "“{0}” takes {1} instead of {2}.": "„{0}“ nimmt {1} statt {2}.",
  "The default of “{0}” is {1} instead of {2}.": "Die Vorgabe von „{0}“ ist {1} statt {2}.",
  "The files of “{0}” are not among the outputs any more.": "Die Dateien von „{0}“ sind nicht mehr unter den Ausgaben.",
  "The files of “{0}” are among the outputs too.": "Auch die Dateien von „{0}“ sind unter den Ausgaben.",
  "A job is stopped after {0} instead of {1}.": "Ein Auftrag wird nach {0} angehalten statt nach {1}.",
  "The node “{0}” is gone.": "Der Knoten „{0}“ ist weg.",
  "The node “{0}” is new.": "Der Knoten „{0}“ ist neu.",
  "“{0}”: {1}.": "„{0}“: {1}.",
  "Imported workflow": "Importierter Workflow",
  "This is a file of ComfyUI's editor. It is read with the nodes that a ComfyUI server describes, and no connected server has described its nodes yet. Connect one and import again, or choose File → Export (API) in ComfyUI and import that file.":
    "Das ist eine Datei von ComfyUIs Editor. Gelesen wird sie mit den Knoten, die ein ComfyUI-Server beschreibt, und noch hat kein verbundener Server seine beschrieben. Verbinde einen und importiere noch einmal, oder wähle in ComfyUI Datei → Exportieren (API) und importiere jene Datei.",
  "No node of this file runs: all are muted, bypassed or notes. Open it in ComfyUI and look at it there.":
    "Kein Knoten dieser Datei läuft: Alle sind stumm, umgangen oder Notizen. Öffne sie in ComfyUI und sieh sie dir dort an.",
  "{0}: no connected server has “{1}”. {2} {3} on a server and import again, or replace the node in ComfyUI.":
    "{0}: Kein verbundener Server hat „{1}“. {2} {3} auf einem Server und importiere noch einmal, oder ersetze den Knoten in ComfyUI.",
  "Its values were taken by the names that the file has.": "Seine Werte wurden nach den Namen in der Datei genommen.",
  "The file has its values without names, and they are missing here.":
    "In der Datei stehen seine Werte ohne Namen, und hier fehlen sie.",
  "It comes with ComfyUI{0}: update ComfyUI": "Er gehört zu ComfyUI{0}: Aktualisiere ComfyUI",
  "Install {0}": "Installiere {0}",
  "{0}: no connected server has “{1}”, and nothing is linked to it. It is left out; if it matters, install its node pack on a server and import again.":
    "{0}: Kein verbundener Server hat „{1}“, und nichts ist mit ihm verbunden. Er fehlt; ist er wichtig, installiere sein Knotenpaket auf einem Server und importiere noch einmal.",
  "{0}: it feeds inputs without links when ComfyUI's own page exports, and the file does not say which. Link them in ComfyUI, or choose Export (API) there and import that file.":
    "{0}: Beim Export aus ComfyUIs eigener Seite versorgt er Eingaben ohne Verbindung, und die Datei sagt nicht, welche. Verbinde sie in ComfyUI, oder wähle dort Exportieren (API) und importiere jene Datei.",
  "{0}: it is a group node, and the file does not say what is in the group. Ungroup it in ComfyUI and import again.":
    "{0}: Er ist ein Gruppenknoten, und die Datei sagt nicht, was in der Gruppe ist. Löse sie in ComfyUI auf und importiere noch einmal.",
  "{0}: it stands for a subgraph that is not in the file. Open the workflow that has it in ComfyUI, save that, and import again.":
    "{0}: Er steht für einen Untergraphen, der nicht in der Datei ist. Öffne in ComfyUI den Workflow, der ihn hat, sichere ihn und importiere noch einmal.",
  "{0}: its subgraph contains itself. Take it out of itself in ComfyUI and import again.":
    "{0}: Sein Untergraph enthält sich selbst. Nimm ihn in ComfyUI aus sich heraus und importiere noch einmal.",
  "{0}: with what is inside it the workflow has more than {1} nodes. Unpack fewer subgraphs into one another in ComfyUI and import again.":
    "{0}: Mit dem, was darin ist, hat der Workflow mehr als {1} Knoten. Schachtle in ComfyUI weniger Untergraphen ineinander und importiere noch einmal.",
  "{0}: the link to “{1}” ends{2}: {3}. ComfyUI leaves such an input empty too; link it anew there if it is needed.":
    "{0}: Die Verbindung zu „{1}“ endet{2}: {3}. Auch ComfyUI lässt eine solche Eingabe leer; verbinde sie dort neu, wenn sie gebraucht wird.",
  "{0}: the file has no value for {1}; it has the default of “{2}”, as in ComfyUI.":
    "{0}: In der Datei steht kein Wert für {1}; es gilt die Vorgabe von „{2}“, wie in ComfyUI.",
  "{0}: the file has no value for {1}; they have the default of “{2}”, as in ComfyUI.":
    "{0}: In der Datei stehen keine Werte für {1}; es gelten die Vorgaben von „{2}“, wie in ComfyUI.",
  "No connected server has {0}. In which order ComfyUI's editor keeps their values is not known, so the file has them by name; look at these nodes after opening it there.":
    "Kein verbundener Server hat {0}. In welcher Reihenfolge ComfyUIs Editor deren Werte hält, ist unbekannt; darum stehen sie mit Namen in der Datei. Sieh dir diese Knoten an, nachdem du sie dort geöffnet hast.",
  "ComfyUI's editor has no widget for {0} of “{1}” (node {2}). Darkroom reads it from the file again; ComfyUI's editor leaves it out.":
    "ComfyUIs Editor hat kein Bedienelement für {0} von „{1}“ (Knoten {2}). Darkroom liest es aus der Datei wieder; ComfyUIs Editor lässt es weg.",
  "Drop a JSON, PNG, WebP, JPEG, AVIF, JXL, TIFF, GIF, MP4, MOV, WebM, MKV, AVI, FLAC, Ogg, Opus, MP3, WAV, GLB, SVG, EXR, latent or safetensors file, or paste the workflow's JSON.":
    "Lege eine Datei als JSON, PNG, WebP, JPEG, AVIF, JXL, TIFF, GIF, MP4, MOV, WebM, MKV, AVI, FLAC, Ogg, Opus, MP3, WAV, GLB, SVG, EXR, latent oder safetensors ab, oder füge das JSON des Workflows ein.",
  "ComfyUI writes the workflow into what it saves, but editing, converting or sending a file through a messenger removes it. Drop the original file, or the JSON that ComfyUI exports.":
    "ComfyUI schreibt den Workflow in das, was es sichert; Bearbeiten, Umwandeln oder ein Messenger entfernen ihn. Lege die ursprüngliche Datei ab, oder das JSON, das ComfyUI exportiert.",
  "The file is damaged or not complete. Copy or download it again, or use the JSON that ComfyUI exports.":
    "Die Datei ist beschädigt oder nicht vollständig. Kopiere oder lade sie noch einmal, oder nimm das JSON, das ComfyUI exportiert.",
  "Use the JSON that ComfyUI exports instead.": "Nimm stattdessen das JSON, das ComfyUI exportiert.",
  "If it was moved, changed or deleted since you chose it, choose it again.":
    "Wurde sie seit der Auswahl verschoben, geändert oder gelöscht, wähle sie noch einmal.",
  "{0} is asked for by the node {1} on this server, and the workflow lacks it. Each job is sent its default, {2}.":
    "{0} verlangt der Knoten {1} auf diesem Server, und dem Workflow fehlt es. Jeder Auftrag bekommt seine Vorgabe, {2}.",
  "{0} sets {1}, which the node does not have while {2} is {3}. Let it exist only with the options that bring it.":
    "{0} setzt {1}, was der Knoten nicht hat, solange {2} {3} ist. Lass es nur mit den Optionen gelten, die es mitbringen.",
  "{0} sets {1}, which the node {2} does not have here.": "{0} setzt {1}, was der Knoten {2} hier nicht hat.",
  "{0} names a file, which this node looks for before the graph runs: ComfyUI refuses a link here. Choose the file in the node.":
    "{0} nennt eine Datei, die dieser Knoten sucht, bevor der Graph läuft: ComfyUI lehnt hier eine Verbindung ab. Wähle die Datei im Knoten.",
  "{0} has a minimum of {1} above its maximum of {2}.": "{0} hat ein Minimum von {1} über seinem Maximum von {2}.",
  "{0} is of kind {1}, and {2} takes {3}.": "{0} ist von der Art {1}, und {2} nimmt {3}.",
  "{0} offers {1}, which {2} does not take here.": "{0} bietet {1} an, was {2} hier nicht nimmt.",
  "{0}, and the node {1}. It takes {2}.": "{0}, und der Knoten {1}. Er nimmt {2}.",
  "{0} is one more than this node takes ({1} at most), and fails when it runs.":
    "{0} ist eines mehr, als dieser Knoten nimmt (höchstens {1}), und scheitert, wenn er läuft.",
  "{0} would name a file on the server: whoever fills it in could reach files of others. Use an image input, or leave {1} fixed.":
    "{0} nennte eine Datei auf dem Server: Wer es ausfüllt, käme an Dateien anderer. Nimm eine Bildeingabe, oder lass {1} fest.",
  "{0}: the file has links to it ({1}), and no input of it names one. ComfyUI does not send such links; link the node anew there.":
    "{0}: Die Datei hat Verbindungen zu ihm ({1}), und keiner seiner Eingänge nennt eine davon. ComfyUI sendet solche Verbindungen nicht; verbinde den Knoten dort neu.",
  "Among the nodes stands what is none, and is left out: {0}. ComfyUI would refuse the file for it.":
    "Zwischen den Knoten steht etwas, das keiner ist und weggelassen wird: {0}. ComfyUI würde die Datei deswegen ablehnen.",
  "The node {0}{1} has no class: ComfyUI exports it so where its node pack is not installed. Install the pack there, or remove the node, and export again.":
    "Der Knoten {0}{1} hat keine Klasse: So exportiert ihn ComfyUI, wo sein Knotenpaket nicht installiert ist. Installiere es dort oder entferne den Knoten und exportiere noch einmal.",
  "{0} is new in {1} since this file was exported. It has its default, {2}, as in ComfyUI.":
    "{0} kam in {1} hinzu, seit diese Datei exportiert wurde. Es hat seine Vorgabe, {2}, wie in ComfyUI.",
  "{0} sets nothing in the graph. Remove it, or bind it to a node's input.":
    "{0} setzt nichts im Graphen. Lösche es, oder binde es an die Eingabe eines Knotens.",
  "{0} goes from {1} to {2}; {3} takes {4}. Narrow it, or jobs will be refused.":
    "{0} geht von {1} bis {2}; {3} nimmt {4}. Verenge es, sonst werden Aufträge abgelehnt.",
  "{0} sets node {1}, which the graph lacks. Bind it to another node.":
    "{0} setzt den Knoten {1}, der im Graphen fehlt. Binde es an einen anderen.",
} as const;
