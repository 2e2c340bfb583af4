import type { Catalogue } from "../spoken.ts";

export const accountSignIn = {
  "Sign-in and devices": "Anmeldung und Geräte",
  "Your devices could not be loaded.": "Deine Geräte ließen sich nicht laden.",
  Devices: "Geräte",
  "A program": "Ein Programm",
  "this browser": "dieser Browser",
  "Signed in {0}": "Angemeldet {0}",
  "Signed in {0} from {1}": "Angemeldet {0} von {1}",
  "Sign out {0}": "{0} abmelden",
  "Sign out everywhere else": "Überall sonst abmelden",
  "Is this address yours? A link in a mail to it says so.":
    "Gehört diese Adresse dir? Ein Link in einer Mail an sie bestätigt das.",
  "Send me the link": "Schick mir den Link",
  "A link is on its way. It can be used for an hour.": "Ein Link ist unterwegs. Er gilt eine Stunde.",
  "You sign in as {0}": "Du meldest dich an als {0}",
  "Change the password": "Passwort ändern",
  "The password you have": "Dein jetziges Passwort",
  "A new one, of eight characters or more": "Ein neues, mindestens acht Zeichen",
  "Change it": "Ändern",
  "Every other browser is signed out.": "Jeder andere Browser wird abgemeldet.",
  "Your password is changed. Every other browser is signed out.":
    "Dein Passwort ist geändert. Jeder andere Browser ist abgemeldet.",
  "A second factor is on.": "Ein zweiter Faktor ist an.",
  "Signing in asks for a code of your authenticator.":
    "Beim Anmelden wird ein Code deiner Authentifizierungs-App verlangt.",
  "A code of an authenticator on your phone, beside the password, keeps out who has learned that.":
    "Ein Code einer Authentifizierungs-App auf deinem Telefon, zusätzlich zum Passwort, hält fern, wer das Passwort erfahren hat.",
  "Add a second factor": "Zweiten Faktor einrichten",
  "Turn the second factor off": "Zweiten Faktor abschalten",
  "Turn it on": "Einschalten",
  "Turn it off": "Abschalten",
  "Go on": "Weiter",
  "The second factor is on.": "Der zweite Faktor ist an.",
  "The second factor is off.": "Der zweite Faktor ist aus.",
  "Your password": "Dein Passwort",
  "The code it shows": "Der Code, den sie zeigt",
  "The code to scan with an authenticator": "Der Code zum Scannen mit einer Authentifizierungs-App",
  "1. Scan this with an authenticator, or type {0}": "1. Scanne das mit einer Authentifizierungs-App oder gib {0} ein",
  "2. Write these down: each lets you in once, should the phone be lost.":
    "2. Schreib diese auf: Jeder lässt dich einmal herein, falls das Telefon verloren geht.",
  "Codes to write down": "Codes zum Aufschreiben",
  codes: "Codes",
  "Copy them": "Alle kopieren",
} satisfies Catalogue;
