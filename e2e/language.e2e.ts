import { expect, test } from "./fixtures.ts";
import { cardOf } from "./generate.ts";

test.use({
  locale: "de-DE",
  serviceWorkers: "allow",
  expectedConsoleErrors: [/ERR_INTERNET_DISCONNECTED|503/],
});

test("pages speak the browser's language until the visitor chooses another", async ({ page, context }) => {
  const html = page.locator("html");
  const pages = (name: string) => page.getByRole("navigation", { name });
  await page.goto("/");
  await expect(html).toHaveAttribute("lang", "de");
  await expect(page.getByRole("heading", { level: 1, name: "Was entwickeln wir?" })).toBeVisible();
  const prompt = page.getByRole("textbox", { name: "Prompt", exact: true });
  await prompt.fill("ein Leuchtturm im Nebel");
  await page.getByRole("button", { name: "Erzeugen" }).click();
  const card = cardOf(page, "ein Leuchtturm im Nebel");
  await expect(card.getByText(/^Fertig · Bild erzeugt in \d+(,\d)? s$/)).toBeVisible({ timeout: 20_000 });
  await card.hover();
  await expect(card.getByRole("link", { name: "Herunterladen" })).toBeVisible();
  await expect(card.getByRole("button", { name: "Variieren" })).toBeVisible();

  await pages("Seiten").getByRole("link", { name: "Verlauf" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Verlauf" })).toBeVisible();
  await expect(page).toHaveTitle("Verlauf · Darkroom");
  await page.goto("/");
  await cardOf(page, "ein Leuchtturm im Nebel").getByRole("link", { name: "ein Leuchtturm im Nebel" }).click();
  await expect(page.getByText(/^Fertig · Bild erzeugt in /).first()).toBeVisible();
  await expect(page).toHaveTitle("Bild · Darkroom");

  await page.getByRole("group").getByText("Gast", { exact: true }).click();
  await page.getByRole("combobox", { name: "Sprache" }).selectOption("English");
  await expect(html).toHaveAttribute("lang", "en");
  await expect(page.getByText(/^Succeeded · Image generated in /).first()).toBeVisible();
  await pages("Pages").getByRole("link", { name: "History" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "History" })).toBeVisible();
  await page.reload();
  await expect(html).toHaveAttribute("lang", "en");
  await expect(page.getByRole("heading", { level: 1, name: "History" })).toBeVisible();

  // Without a network nothing is known of what was chosen: that page speaks the browser's language.
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await context.setOffline(true);
  await page.goto("/history");
  await expect(page.getByRole("heading", { name: "Kein Licht vom Server" })).toBeVisible();
});
