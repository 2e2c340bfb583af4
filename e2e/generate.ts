import type { Locator, Page } from "./fixtures.ts";

/** The newest card whose text has the prompt. */
export const cardOf = (page: Page, prompt: string): Locator =>
  page.getByRole("article").filter({ hasText: prompt }).first();

/** Fills the form and generates; small and few steps unless the test is about waiting. */
export async function generate(page: Page, prompt: string, { steps = 4, size = 512 } = {}): Promise<void> {
  await page.getByRole("textbox", { name: "Prompt", exact: true }).fill(prompt);
  await page.getByRole("spinbutton", { name: "Width" }).fill(String(size));
  await page.getByRole("spinbutton", { name: "Height" }).fill(String(size));
  await page.getByRole("spinbutton", { name: "Steps" }).fill(String(steps));
  await page.getByRole("button", { name: "Generate" }).click();
}
