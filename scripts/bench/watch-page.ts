/// <reference lib="dom" />
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { chromiumArgs, findChromium } from "../testing/chromium.ts";

/** What a browser said of a page. Times in milliseconds. */
export interface Watched {
  /** When the largest thing on the screen was drawn, from the start of the navigation. */
  readonly lcp: number;
  /** How much of the page moved by itself; 0 is nothing. */
  readonly cls: number;
  /** Tasks of the page's main thread that took longer than 50 ms. */
  readonly longTasks: readonly number[];
}

interface Watching {
  watched?: { lcp: number; cls: number; longTasks: number[] };
}

export async function openBrowser(): Promise<Browser> {
  const found = await findChromium();
  return chromium.launch({
    args: chromiumArgs,
    env: { ...process.env, ...found.env },
    ...(found.executablePath === undefined ? {} : { executablePath: found.executablePath }),
  });
}

/** A page of that visitor whose processor is `slowdown` times slower, and which notes what {@link watchedOf} tells. */
export async function openWatched(visitor: BrowserContext, slowdown: number): Promise<Page> {
  const page = await visitor.newPage();
  const devtools = await visitor.newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  await page.addInitScript(() => {
    const watched = { lcp: 0, cls: 0, longTasks: [] as number[] };
    (globalThis as Watching).watched = watched;
    const watch = (type: string, note: (entry: PerformanceEntry) => void) =>
      new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true });
    watch("largest-contentful-paint", (entry) => {
      watched.lcp = entry.startTime;
    });
    watch("layout-shift", (entry) => {
      const { value, hadRecentInput } = entry as PerformanceEntry & { value: number; hadRecentInput: boolean };
      if (!hadRecentInput) watched.cls += value;
    });
    watch("longtask", (entry) => watched.longTasks.push(entry.duration));
  });
  return page;
}

export const watchedOf = (page: Page): Promise<Watched> =>
  page.evaluate(() => (globalThis as Watching).watched ?? { lcp: Number.NaN, cls: Number.NaN, longTasks: [] });

/** From now on only: what came before is no part of it. */
export const forgetLongTasks = (page: Page): Promise<void> =>
  page.evaluate(() => (globalThis as Watching).watched?.longTasks.splice(0)).then(() => undefined);

/** Fills the studio's form and clicks; milliseconds from the click to a card that was not there before. */
export async function generate(page: Page, prompt: string, { size = 512, steps = 20 } = {}): Promise<number> {
  await page.getByRole("textbox", { name: "Prompt", exact: true }).fill(prompt);
  for (const name of ["Width", "Height"]) await page.getByRole("spinbutton", { name }).fill(String(size));
  const field = page.getByRole("spinbutton", { name: "Steps" });
  if (!(await field.isVisible())) await page.getByText("More settings").click();
  await field.fill(String(steps));
  return page.getByRole("button", { name: "Generate" }).evaluate(
    (button) =>
      new Promise<number>((resolve) => {
        const before = new Set(document.querySelectorAll("article"));
        const startedAt = performance.now();
        const observer = new MutationObserver(() => {
          if ([...document.querySelectorAll("article")].every((card) => before.has(card))) return;
          observer.disconnect();
          resolve(performance.now() - startedAt);
        });
        observer.observe(document.body, { subtree: true, childList: true });
        (button as HTMLButtonElement).click();
      }),
  );
}

/** Makes an account of what the visitor was as a guest. */
export async function signUp({ request }: BrowserContext, address: string): Promise<void> {
  const data = { name: "Ada", email: `${crypto.randomUUID()}@example.com`, password: crypto.randomUUID() };
  const answer = await request.post(`${address}/api/auth/sign-up/email`, { data, headers: { origin: address } });
  if (!answer.ok()) throw new Error(`sign-up was refused with ${answer.status()}: ${await answer.text()}`);
}
