import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "./fixtures.ts";
import { cardOf, generate } from "./generate.ts";

/** Makes a picture and opens its page. */
export async function openPicture(page: Page, prompt: string): Promise<void> {
  await page.goto("/");
  await generate(page, prompt, { size: 256 });
  await expect(cardOf(page, prompt).getByText(/Image generated in/)).toBeVisible();
  await cardOf(page, prompt).getByRole("link", { name: prompt }).click();
  await expect(page.getByRole("heading", { level: 1, name: prompt })).toBeVisible();
}

export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const { violations } = await new AxeBuilder({ page }).include("main").analyze();
    expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);
  }
}
