/// <reference lib="dom" />
import { chromium, type Page } from "playwright-core";
import { chromiumArgs, findChromium } from "../testing/chromium.ts";

export interface PageTimes {
  /** Milliseconds from the click on Generate to the job's card with the server's answer. */
  readonly submits: readonly number[];
  /** The same where nothing of the page is painted: what is left without a GPU's work, which the processor does here. */
  readonly unpainted: readonly number[];
  /** What the same page, browser and server need for the least: a request that reads one row, and a change of one word. */
  readonly floor: readonly number[];
}

/** Submits `runs` times in a real page, each time beside the floor, and as often without paint. */
export async function submitInPage(address: string, runs: number): Promise<PageTimes> {
  const found = await findChromium();
  const browser = await chromium.launch({
    args: chromiumArgs,
    env: { ...process.env, ...found.env },
    ...(found.executablePath === undefined ? {} : { executablePath: found.executablePath }),
  });
  try {
    const page = await browser.newPage();
    await page.goto(address);
    await page.getByText("More settings").click();
    for (const [name, value] of [
      ["Width", "256"],
      ["Height", "256"],
      ["Steps", "1"],
    ] as const) {
      await page.getByRole("spinbutton", { name }).fill(value);
    }
    const submits: number[] = [];
    const unpainted: number[] = [];
    const floor: number[] = [];
    for (let run = 0; run <= runs; run++) {
      const elapsed = await submit(page, `picture ${run}`);
      // The first one compiles what later ones use.
      if (run > 0) submits.push(elapsed);
      const least = await page.evaluate(async () => {
        const startedAt = performance.now();
        await (await fetch("/api/trpc/session.me")).json();
        const changed = new Promise((resolve) => {
          new MutationObserver(resolve).observe(document.body, { attributes: true });
        });
        document.body.setAttribute("data-floor", String(startedAt));
        await changed;
        return performance.now() - startedAt;
      });
      if (run > 0) floor.push(least);
    }
    // After the others, so that none of them comes right after one of these.
    await page.getByRole("main").evaluate((main) => {
      main.style.opacity = "0";
    });
    for (let run = 0; run < runs; run++) unpainted.push(await submit(page, `unpainted ${run}`));
    return { submits, unpainted, floor };
  } finally {
    await browser.close();
  }
}

/** Fills the form and clicks; milliseconds until a card has the address of a job that was not there before. */
async function submit(page: Page, prompt: string): Promise<number> {
  await page.getByRole("textbox", { name: "Prompt", exact: true }).fill(prompt);
  const elapsed = await page.getByRole("button", { name: "Generate" }).evaluate(
    (button) =>
      new Promise<number>((resolve) => {
        const cards = () =>
          [...document.querySelectorAll('article a[href^="/jobs/"]')].map((link) => link.getAttribute("href"));
        const known = new Set(cards());
        const startedAt = performance.now();
        const observer = new MutationObserver(() => {
          if (cards().every((card) => known.has(card))) return;
          observer.disconnect();
          resolve(performance.now() - startedAt);
        });
        observer.observe(document.body, { subtree: true, childList: true, attributes: true });
        (button as HTMLButtonElement).click();
      }),
  );
  // The simulator paints on the cores that the page needs; a GPU would not. So the next click waits for this picture.
  await page.getByRole("img", { name: prompt, exact: true }).first().waitFor();
  return elapsed;
}
