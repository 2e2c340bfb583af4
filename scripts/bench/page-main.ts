import { join } from "node:path";
import { bareBytesOf, javascriptByRoute, mostOf, overBudget } from "../page-budget/javascript.ts";
import { launchProduct } from "../testing/launch-product.ts";
import { percentile } from "./percentile.ts";
import { forgetLongTasks, generate, openBrowser, openWatched, signUp, watchedOf } from "./watch-page.ts";

// What the pages cost a visitor, by a run of the whole product: prints a line per figure and ends with status 1 if a budget
// is passed. Product, browser and simulator share the machine's cores, so that times are upper bounds; bytes are exact.

const SLOWDOWN = 4;
const MAX_LCP_MS = 1200;
const MAX_CLS = 0.01;
const MAX_CLICK_MS = 50;
/** The longest task while two jobs run, by how much slower the processor is. */
const MAX_TASK_MS = { 1: 50, [SLOWDOWN]: 100 } as const;
const CLICKS = 20;

let hasMissed = false;
function report(name: string, figure: string, budget: string, isMet: boolean): void {
  hasMissed ||= !isMet;
  console.log(`${isMet ? "✓" : "✗"} ${name}: ${figure} (at most ${budget})`);
}

const { address, stop } = await launchProduct("bench-page", { env: { MAX_WAITING_PER_OWNER: "1000" } });
const browser = await openBrowser();
try {
  const routes = javascriptByRoute(join(import.meta.dirname, "../../apps/web/.next"));
  const bare = bareBytesOf(routes);
  console.log(`a bare page of Next loads ${(bare / 1000).toFixed(1)} KB of JavaScript, gzip`);
  for (const route of routes) {
    const [fault] = overBudget([route], bare);
    const ratio = `${(route.bytes / bare).toFixed(2)} ×`;
    report(
      `JavaScript of ${route.route}`,
      `${(route.bytes / 1000).toFixed(1)} KB, ${ratio}`,
      `${mostOf(route.route)} ×`,
      fault === undefined,
    );
  }

  const visitor = await browser.newContext({ viewport: { width: 1360, height: 900 } });
  const studio = await openWatched(visitor, 1);
  await studio.goto(address);
  const clicks: number[] = [];
  for (let click = 0; click < CLICKS; click += 1) {
    clicks.push(await generate(studio, `picture ${click}`, { size: 256, steps: 1 }));
    await studio
      .getByRole("img", { name: `picture ${click}`, exact: true })
      .first()
      .waitFor();
  }
  const p95 = percentile(clicks, 0.95);
  report("click on Generate → card, p95", `${p95.toFixed(0)} ms`, `${MAX_CLICK_MS} ms`, p95 <= MAX_CLICK_MS);
  const job = (await studio.locator('article a[href^="/jobs/"]').first().getAttribute("href")) ?? "/jobs";
  await studio.close();

  const look = async (path: string, who: string, size: { width: number; height: number }): Promise<void> => {
    const page = await openWatched(visitor, SLOWDOWN);
    await page.setViewportSize(size);
    await page.goto(address + path, { waitUntil: "networkidle" });
    const { lcp, cls } = await watchedOf(page);
    await page.close();
    const name = `${path === job ? "/jobs/[jobId]" : path} ${who}, ${SLOWDOWN} × slower`;
    report(`LCP of ${name}`, `${lcp.toFixed(0)} ms`, `${MAX_LCP_MS} ms`, lcp > 0 && lcp <= MAX_LCP_MS);
    report(`CLS of ${name}`, cls.toFixed(4), String(MAX_CLS), cls <= MAX_CLS);
  };
  // The operators' pages show a guest how to become one.
  const ofGuests = [
    "/",
    "/history",
    job,
    "/account",
    "/sign-in",
    "/workflows",
    "/gallery",
    "/ops",
    "/debug/connection",
  ];
  for (const path of ofGuests) await look(path, "as a guest", { width: 1360, height: 900 });
  await signUp(visitor, address);
  // With an account a page has more panels, and on a phone they are in each other's way.
  for (const size of [
    { width: 1360, height: 900 },
    { width: 390, height: 844 },
  ]) {
    for (const path of ["/", job, "/account", "/debug/connection"])
      await look(path, `with an account, ${size.width} wide`, size);
  }

  for (const slowdown of [1, SLOWDOWN] as const) {
    const page = await openWatched(visitor, slowdown);
    await page.goto(address, { waitUntil: "networkidle" });
    const prompts = [1, 2].map((one) => `two at once, ${slowdown} × slower: ${one}`);
    for (const prompt of prompts) await generate(page, prompt);
    await forgetLongTasks(page);
    for (const name of prompts) {
      await page.getByRole("img", { name, exact: true }).first().waitFor({ timeout: 120_000 });
    }
    const { longTasks } = await watchedOf(page);
    const longest = Math.max(0, ...longTasks);
    const most = MAX_TASK_MS[slowdown];
    const figure = longest === 0 ? "none over 50 ms" : `${longest.toFixed(0)} ms, ${longTasks.length} over 50 ms`;
    report(`longest task while two jobs run, ${slowdown} × slower`, figure, `${most} ms`, longest <= most);
    await page.close();
  }
} finally {
  await browser.close();
  await stop();
}
process.exit(hasMissed ? 1 : 0);
