/** What a door refuses, and why. */
export const refusals = {
  "The input does not fit.": "Die Eingabe passt nicht.",
  "You have {0} API keys, which is the most. Revoke one first.":
    "Du hast {0} API-Schlüssel, und das ist das Meiste. Widerrufe zuerst einen.",
  "API keys cannot do this; sign in instead.": "API-Schlüssel können das nicht; melde dich stattdessen an.",
  "This API key lacks the scope {0}.": "Diesem API-Schlüssel fehlt der Umfang {0}.",
  "Guests may do nothing here. Sign in with an account.": "Gäste dürfen hier nichts. Melde dich mit einem Konto an.",
  "This account was blocked. Ask whoever runs this Darkroom.":
    "Dieses Konto wurde gesperrt. Frag, wer dieses Darkroom betreibt.",
  "Sign in with an account that may do this.": "Melde dich mit einem Konto an, das dies darf.",
  "This needs the role {0}.": "Dafür braucht es die Rolle {0}.",
  "The answer would have more than 4 MB. Ask for fewer things at a time.":
    "Die Antwort hätte mehr als 4 MB. Frag nach weniger auf einmal.",
  "Something went wrong on our side. Please try again.":
    "Bei uns ist etwas schiefgegangen. Bitte versuche es noch einmal.",
  "Darkroom is not available at the moment. Please try again.":
    "Darkroom ist gerade nicht erreichbar. Bitte versuche es noch einmal.",
  "Only operators may publish to the feeds of others.": "Nur Betreiber dürfen anderen Ereignisse schicken.",
  "There is no such owner.": "Diesen Besitzer gibt es nicht.",
  "This picture is not shared, or not any more.": "Dieses Bild ist nicht geteilt, oder nicht mehr.",
  "You have reported many pictures. Try again in an hour.":
    "Du hast viele Bilder gemeldet. Versuche es in einer Stunde noch einmal.",
  "There is no such output.": "Diese Ausgabe gibt es nicht.",
  "There is no such output any more.": "Diese Ausgabe gibt es nicht mehr.",
  "Only still pictures can be shared.": "Nur unbewegte Bilder lassen sich teilen.",
  "An operator took this picture down, so it cannot be shared.{0}":
    "Ein Betreiber hat dieses Bild gesperrt, darum lässt es sich nicht teilen.{0}",
  "The gallery is closed.": "Die Galerie ist geschlossen.",
  "Only operators see what was reported or taken down.": "Was gemeldet oder gesperrt wurde, sehen nur Betreiber.",
  "There is no such job.": "Diesen Auftrag gibt es nicht.",
  "This job has {0} already.": "Dieser Auftrag ist schon zu Ende: {0}.",
  "There is no such batch.": "Diesen Batch gibt es nicht.",
  "There is no such batch of yours.": "Einen solchen Batch hast du nicht.",
  "There is no such {0}.": "Das gibt es nicht: {0}.",
  "Only a {0} can be used here.": "Hier geht nur eines: {0}.",
  "Only its owner marks it as a favorite.": "Nur wem sie gehört, kann sie als Favorit merken.",
  "Only operators may give a job high priority.": "Nur Betreiber dürfen einem Auftrag Vorrang geben.",
  "There is no failed job {0}.": "Einen fehlgeschlagenen Auftrag {0} gibt es nicht.",
  "This job succeeded, so there is nothing to try again. Rerun it instead.":
    "Dieser Auftrag ist gelungen, es gibt also nichts noch einmal zu versuchen. Lass ihn stattdessen noch einmal laufen.",
  "This job has not ended yet.": "Dieser Auftrag ist noch nicht zu Ende.",
  "There is no job {0}.": "Einen Auftrag {0} gibt es nicht.",
  "The job {0} has not ended yet.": "Der Auftrag {0} ist noch nicht zu Ende.",
  "A batch has at most {0} calls. Send the others in another one.":
    "Ein Batch hat höchstens {0} Aufrufe. Sende die anderen in einem weiteren.",
  "A batch has at most {0} jobs; this sweep has {1}.": "Ein Batch hat höchstens {0} Aufträge; diese Reihe hat {1}.",
  "Redis does not answer, and it holds the order. Please try again.":
    "Redis antwortet nicht, und dort liegt die Reihenfolge. Bitte versuche es noch einmal.",
  "This job does not wait any more.": "Dieser Auftrag wartet nicht mehr.",
  "Only an admin removes the account of an operator.": "Nur ein Admin löscht das Konto eines Betreibers.",
  "There is no such account.": "Dieses Konto gibt es nicht.",
  "There is no such alert.": "Diesen Alarm gibt es nicht.",
  "There is no such API key.": "Diesen API-Schlüssel gibt es nicht.",
  "There is no such backend.": "Dieses Backend gibt es nicht.",
  "Only operators see everyone's jobs.": "Nur Betreiber sehen die Aufträge aller.",
  "Favorites are listed of one's own jobs only.": "Favoriten gibt es nur von eigenen Aufträgen.",
  "There is no such upload.": "Diesen Upload gibt es nicht.",
  "The setting {0} keeps this closed. Set it to true and restart the web processes.":
    "Die Einstellung {0} hält das geschlossen. Setze sie auf true und starte die Web-Prozesse neu.",
  "You cannot change your own role.": "Deine eigene Rolle kannst du nicht ändern.",
  "An account is at least a member, unless it is blocked.":
    "Ein Konto ist mindestens Mitglied, wenn es nicht gesperrt ist.",
  "Only an admin changes the role of an operator.": "Nur ein Admin ändert die Rolle eines Betreibers.",
  "Only an admin makes someone an operator.": "Nur ein Admin macht jemanden zum Betreiber.",
  "There is no such delivery.": "Diese Zustellung gibt es nicht.",
  "There is no workflow “{0}”.": "Einen Workflow „{0}“ gibt es nicht.",
  "There is no such webhook.": "Diesen Webhook gibt es nicht.",
  "Your pictures and uploads take {0} of the {1} MB that you may keep. Remove some, then submit again.":
    "Deine Bilder und Uploads belegen {0} der {1} MB, die du aufheben darfst. Entferne einige und sende den Auftrag dann noch einmal.",
  "Your pictures and uploads take {0} of the {1} MB that you may keep. Remove some, then send this one again.":
    "Deine Bilder und Uploads belegen {0} der {1} MB, die du aufheben darfst. Entferne einige und sende diese Datei dann noch einmal.",
  "Your files take {0}. Remove some, then send this one again.":
    "Deine Dateien belegen {0}. Lösche einige und schicke diese dann noch einmal.",
  "The files from your network take {0}. Remove some of yours, or try again later.":
    "Die Dateien aus deinem Netz belegen {0}. Lösche einige von deinen, oder versuche es später noch einmal.",
  "This idempotency key was used for another request. Use a new key for a new request.":
    "Dieser Idempotenzschlüssel gehörte zu einer anderen Anfrage. Nimm für eine neue Anfrage einen neuen.",
  "You can submit {0} a minute.": "Du kannst {0} in der Minute etwas in Auftrag geben.",
  "You can make {0} an hour, and have {1} left.": "Du kannst in der Stunde {0} machen und hast {1} übrig.",
  "{0} of your jobs are waiting already; the most is {1}.":
    "Von dir warten schon {0} Aufträge; mehr als {1} dürfen es nicht sein.",
  "The queue holds {0} jobs, and they are waiting already.":
    "Die Warteschlange fasst {0} Aufträge, und so viele warten schon.",
  "This account was removed. Reload the page to begin anew.":
    "Dieses Konto wurde gelöscht. Lade die Seite neu, um neu zu beginnen.",
  "This cursor is not one of ours.": "Diese Stelle der Liste kennen wir nicht.",
  "A job that has not ended takes a picture of this one. Cancel that job, or wait until it has ended.":
    "Ein Auftrag, der noch nicht zu Ende ist, nimmt ein Bild von diesem. Brich ihn ab, oder warte, bis er zu Ende ist.",
  "A job that has not ended takes this picture. Cancel that job, or wait until it has ended.":
    "Ein Auftrag, der noch nicht zu Ende ist, nimmt dieses Bild. Brich ihn ab, oder warte, bis er zu Ende ist.",
  "A job that has not ended takes this upload. Cancel that job, or wait until it has ended.":
    "Ein Auftrag, der noch nicht zu Ende ist, nimmt diesen Upload. Brich ihn ab, oder warte, bis er zu Ende ist.",
  "This job is being canceled. Remove it once that is done.":
    "Dieser Auftrag wird gerade abgebrochen. Lösche ihn, sobald das geschehen ist.",
  "This job is {0}. Cancel it or wait until it has ended, then remove it.":
    "Dieser Auftrag ist noch nicht zu Ende ({0}). Brich ihn ab oder warte sein Ende ab, und lösche ihn dann.",
  "This is the only admin. Make someone else an admin first.":
    "Das ist der einzige Admin. Mach zuerst jemand anderen dazu.",
  "You have {0} webhooks, which is the most. Remove one first.":
    "Du hast {0} Webhooks, und mehr dürfen es nicht sein. Lösche zuerst einen.",
  "There is a workflow called {0} already.": "Es gibt schon einen Workflow namens {0}.",
  "There is no such workflow.": "Diesen Workflow gibt es nicht.",
  "There is no such workflow, or no such version of it.":
    "Diesen Workflow gibt es nicht, oder nicht in dieser Version.",
  "Version {0} was saved since version {1}, which this was made from. Look at it and save again.":
    "Seit Version {1}, aus der dies entstand, wurde Version {0} gespeichert. Sieh sie dir an und speichere noch einmal.",
  "Only operators see archived workflows.": "Archivierte Workflows sehen nur Betreiber.",
  "A new version says which version it was made from.": "Eine neue Version sagt, aus welcher sie entstand.",
  "A workflow keeps its slug: callers ask for it by that name.":
    "Ein Workflow behält seinen Kurznamen: Unter ihm fragen andere nach ihm.",
  "Somebody published another version just now. Look again.":
    "Gerade hat jemand eine andere Version veröffentlicht. Sieh noch einmal nach.",
  "This version would not run": "Diese Version liefe nicht",
  "This version breaks callers of the current one": "Diese Version bräche, was die jetzige aufruft",
  "This refresh token is not good any more. Sign in again.":
    "Dieses Erneuerungs-Token gilt nicht mehr. Melde dich noch einmal an.",
  "Too many tries. Wait before the next one.": "Zu viele Versuche. Warte vor dem nächsten.",
  "This was refused": "Das wurde abgelehnt",
  "An API key can't become an admin; open the link in a browser.":
    "Ein API-Schlüssel kann nicht Admin werden; öffne den Link in einem Browser.",
  "This admin link was used already, or it has expired.":
    "Dieser Admin-Link wurde schon benutzt, oder er ist abgelaufen.",
  "This API key or access token is not valid. Make a key on the account page, or get a token from POST /api/auth/token.":
    "Dieser API-Schlüssel oder dieses Token gilt nicht. Mach einen Schlüssel auf der Kontoseite, oder hol ein Token von POST /api/auth/token.",
  "The account could not be made at the moment. Please try again.":
    "Das Konto ließ sich gerade nicht anlegen. Bitte versuche es noch einmal.",
  "Your second factor can't be read any more: the secret of this Darkroom was changed. Ask whoever runs it to take it away, then sign in and add it anew.":
    "Dein zweiter Faktor lässt sich nicht mehr lesen: Das Geheimnis dieses Darkroom wurde geändert. Bitte den Betreiber, ihn zu entfernen, melde dich dann an und richte ihn neu ein.",
  "The simulator does not answer.": "Der Simulator antwortet nicht.",
  "The simulator takes faults from its own machine alone, and this is another one.":
    "Der Simulator nimmt Fehler nur vom eigenen Rechner an, und dies ist ein anderer.",
  "There are no accounts here.": "Hier gibt es keine Konten.",
  "Nobody can sign up here at the moment. Sign in if you have an account, or ask whoever runs this Darkroom to open sign-up.":
    "Hier kann sich gerade niemand registrieren. Melde dich an, wenn du ein Konto hast, oder bitte, wer dieses Darkroom betreibt, die Registrierung zu öffnen.",
  "This request came from another site.": "Diese Anfrage kam von einer anderen Website.",
  "Pages at {0} may not do this. If that is where you open Darkroom, set PUBLIC_URL to it and start it again.":
    "Seiten unter {0} dürfen das nicht. Wenn du Darkroom dort öffnest, setze PUBLIC_URL darauf und starte es neu.",
  "The body may have at most {0} KiB. Leave out what is not needed, and send pictures as uploads.":
    "Der Inhalt darf höchstens {0} KiB haben. Lass weg, was nicht nötig ist, und lade Bilder hoch.",
  "The body must be in UTF-8.": "Der Inhalt muss in UTF-8 sein.",
  "The address's query must be in UTF-8.": "Was in der Adresse gefragt wird, muss in UTF-8 sein.",
  "You have {0} requests under way. Ask again when some are answered.":
    "Du hast {0} Anfragen auf dem Weg. Frag wieder, wenn einige beantwortet sind.",
  "This is no address.": "Das ist keine Adresse.",
  "The path has a broken % in it.": "Im Pfad steht ein kaputtes %.",
  "There is nothing here.": "Hier ist nichts.",
  "Use {0} here.": "Nimm hier {0}.",
  "TRACE is not answered here.": "TRACE wird hier nicht beantwortet.",
  "The input must be JSON.": "Die Eingabe muss JSON sein.",
  "The body must be sent as it is, without Content-Encoding.":
    "Der Inhalt muss so gesendet werden, wie er ist, ohne Content-Encoding.",
  "The body must be JSON with a token.": "Der Inhalt muss JSON mit einem Token sein.",
  "This process is stopping. Please try again.": "Dieser Prozess hört gerade auf. Bitte versuche es noch einmal.",
  "Too many subscriptions are open. Close some and try again.":
    "Zu viele Verbindungen sind offen. Schließe einige und versuche es noch einmal.",
  "An answer larger than the 4 MB that a batch may have was left out. Ask for it alone.":
    "Eine Antwort über 4 MB, mehr als ein Stapel haben darf, wurde weggelassen. Frag einzeln danach.",
  "{0} browsers of yours are told already, which is the most. Switch it off in one first.":
    "{0} deiner Browser erfahren es schon, und mehr dürfen es nicht sein. Schalte es zuerst in einem ab.",
  "{0} of the jobs have not ended. Cancel them or wait until they have, then remove the account.":
    "{0} der Aufträge sind noch nicht zu Ende. Brich sie ab oder warte ihr Ende ab, und lösche dann das Konto.",
  "{0} passing events a minute may be sent to a feed.": "In der Minute darf man {0} flüchtige Ereignisse schicken.",
  "{0} events a minute may be added to a feed. Send fewer, or let them be passing.":
    "In der Minute dürfen {0} Ereignisse hinzukommen. Schicke weniger, oder lass sie flüchtig sein.",
  "The input has more than {0} values.": "Die Eingabe hat mehr als {0} Werte.",
  "Only operators are told of alerts.": "Nur Betreiber erfahren von Alarmen.",
  "Your pictures and uploads take {0} of the {1} MB that you may keep. Remove some, then {2}.":
    "Deine Bilder und Uploads belegen {0} von {1} MB, die du behalten darfst. Lösche einige, dann {2}.",
} as const;
