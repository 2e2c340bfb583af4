import type { Locator, Page } from "./fixtures.ts";

/** The newest card whose text has the prompt. */
export const cardOf = (page: Page, prompt: string): Locator =>
  page.getByRole("article").filter({ hasText: prompt }).first();

/** Keeps what the cards' bars say, from now on: what a short run shows may be gone before anyone looks. Answers with it. */
export async function keepProgress(page: Page): Promise<() => Promise<string[]>> {
  const kept = await page.evaluateHandle(() => {
    const texts = new Set<string>();
    const look = () => {
      for (const bar of document.querySelectorAll("article [role=progressbar]")) {
        texts.add(bar.getAttribute("aria-valuetext") ?? "");
      }
    };
    new MutationObserver(look).observe(document.body, {
      ...{ subtree: true, childList: true, attributeFilter: ["aria-valuetext"] },
    });
    return texts;
  });
  return () => kept.evaluate((texts) => [...texts]);
}

/** Fills the form and generates; small and few steps unless the test is about waiting. */
export async function generate(page: Page, prompt: string, { steps = 4, size = 128 } = {}): Promise<void> {
  await page.getByRole("textbox", { name: "Prompt", exact: true }).fill(prompt);
  await page.getByRole("spinbutton", { name: "Width" }).fill(String(size));
  await page.getByRole("spinbutton", { name: "Height" }).fill(String(size));
  await setSteps(page, steps);
  await page.getByRole("button", { name: "Generate" }).click();
}

/** Opens the form's fold if it is closed, and sets what is in it. */
export async function setSteps(page: Page, steps: number): Promise<void> {
  const field = page.getByRole("spinbutton", { name: "Steps" });
  if (!(await field.isVisible())) await page.getByText("More settings").click();
  await field.fill(String(steps));
}
