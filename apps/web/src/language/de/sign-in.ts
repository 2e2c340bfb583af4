import type { Catalogue } from "../spoken.ts";

export const signIn = {
  "This link was used before, or is too old. Ask for a new one.":
    "Dieser Link wurde schon verwendet oder ist zu alt. Fordere einen neuen an.",
  "The place to sign in at can't be reached at the moment. Try again.":
    "Der Anmeldedienst ist gerade nicht zu erreichen. Versuche es noch einmal.",
  "That code is not right. Try the one shown now.": "Der Code stimmt nicht. Versuche den, der jetzt angezeigt wird.",
  "That took too long, or too many codes were wrong. Sign in again.":
    "Das hat zu lange gedauert, oder zu viele Codes waren falsch. Melde dich noch einmal an.",
  "The password you have now is another one. Check it and try again.":
    "Dein jetziges Passwort ist ein anderes. Prüfe es und versuche es noch einmal.",
  "No account has this e-mail address and password. Check both and try again.":
    "Zu dieser E-Mail-Adresse und diesem Passwort gibt es kein Konto. Prüfe beides und versuche es noch einmal.",
  "That was tried too often. Wait a minute and try again.":
    "Das wurde zu oft versucht. Warte eine Minute und versuche es noch einmal.",
  "There is an account with this e-mail address already. Sign in instead, or use another address.":
    "Mit dieser E-Mail-Adresse gibt es schon ein Konto. Melde dich damit an oder nimm eine andere Adresse.",
  Code: "Code",
  "Back to signing in": "Zurück zur Anmeldung",
  "If {0} has an account here, a link to choose a new password is on its way. It can be used for an hour.":
    "Falls {0} hier ein Konto hat, ist ein Link unterwegs, mit dem du ein neues Passwort wählst. Er gilt eine Stunde lang.",
  "Send me a link": "Link zuschicken",
  "E-mail address": "E-Mail-Adresse",
  "Your password is changed": "Dein Passwort ist geändert",
  "Wherever you were signed in, you are not any more.": "Wo auch immer du angemeldet warst, bist du es nun nicht mehr.",
  "A new password": "Ein neues Passwort",
  "Take it": "Übernehmen",
  "New password": "Neues Passwort",
  "Eight characters or more.": "Acht Zeichen oder mehr.",
  "Continue with {0}": "Weiter mit {0}",
  "There is an account with your e-mail address already. Sign in to it with its password.":
    "Mit deiner E-Mail-Adresse gibt es schon ein Konto. Melde dich mit seinem Passwort an.",
  "You were not let in there. Try again, or ask who runs it.":
    "Du wurdest dort nicht eingelassen. Versuche es noch einmal oder frag die Betreiber.",
  "Signing in there did not work. Try again.": "Die Anmeldung dort hat nicht geklappt. Versuche es noch einmal.",
  "Forgot your password?": "Passwort vergessen?",
  "You have an account?": "Du hast ein Konto?",
  "No account yet?": "Noch kein Konto?",
  "Create an account": "Konto anlegen",
  "Create the account": "Konto anlegen",
  Password: "Passwort",
  "You are signed in": "Du bist angemeldet",
  "This browser is {0}'s.": "In diesem Browser angemeldet: {0}.",
  "Whoever comes here is a guest of their browser.": "Wer hierherkommt, ist in seinem Browser zu Gast.",
  "Whoever runs this Darkroom has closed it to visitors. Ask them, or use an API key.":
    "Dieses Darkroom ist für Besuche geschlossen. Frag die Betreiber oder nimm einen API-Schlüssel.",
  "There are no accounts here": "Hier gibt es keine Konten",
  "One more code": "Noch ein Code",
  "The six digits that your authenticator shows, or a code you wrote down.":
    "Die sechs Ziffern, die deine Authenticator-App zeigt, oder ein Code, den du dir notiert hast.",
  "Say who you are, and choose a new one by a link in your mail.":
    "Sag, wer du bist, und wähle über einen Link in deiner E-Mail ein neues.",
  "This Darkroom is for people with an account.": "Dieses Darkroom ist nur mit einem Konto zu benutzen.",
  "This browser was blocked here. Sign in with an account that was not.":
    "Dieser Browser wurde hier gesperrt. Melde dich mit einem Konto an, das es nicht ist.",
  "What you made in this browser as a guest comes with you.":
    "Was du in diesem Browser als Gast gemacht hast, kommt mit.",
} satisfies Catalogue;
