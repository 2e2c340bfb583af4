import { expect, test } from "./fixtures.ts";
import { cardOf, generate } from "./generate.ts";

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

test.describe("a visitor whose English is British", () => {
  test.use({ locale: "en-GB", timezoneId: "Europe/London" });

  test("reads dates as the British write them, from the server as in the browser", async ({ page }) => {
    await page.goto("/");
    await generate(page, "a pier in the rain");
    await cardOf(page, "a pier in the rain").getByRole("link", { name: "a pier in the rain" }).click();
    await expect(page.locator("html")).toHaveAttribute("lang", "en");
    const created = page.getByRole("definition").locator("time").first();
    const at = new Date((await created.getAttribute("datetime")) ?? "");
    const british = (timeZone: string) =>
      new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "long", timeZone }).format(at);
    await expect(created).toHaveText(british("Europe/London"));
    const sent = await page.request.get(page.url(), { headers: { "accept-language": "en-GB,en;q=0.9" } });
    expect(await sent.text()).toContain(british("UTC"));
    // A page that disagreed with what the server sent would log an error, which fails the test.
    await page.reload();
    await expect(created).toHaveText(british("Europe/London"));
  });
});
