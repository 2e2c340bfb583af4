import type { WebSocketRoute } from "@playwright/test";
import { expect, type Page, test } from "./fixtures.ts";
import { cardOf, generate } from "./generate.ts";
import { killWeb } from "./product.ts";

/** What a card says at the end, without its measured times and its seed. */
async function endOf(page: Page, prompt: string): Promise<string> {
  const card = cardOf(page, prompt);
  await expect(card.getByText(/Image generated in/)).toBeVisible({ timeout: 30_000 });
  await expect(card.getByRole("img", { name: prompt })).toBeVisible();
  // What one can do with it comes a moment after it.
  await expect(card.getByRole("button", { name: /^Share/ })).toBeAttached();
  return (await card.ariaSnapshot())
    .replaceAll(prompt, "…")
    .replaceAll(prompt.replaceAll(" ", "-"), "…")
    .replaceAll(/[0-9a-f-]{36}|\d[\d.]*|just now|seconds? ago/g, "#");
}

test("a lost line is said, and what was missed meanwhile is made up for: the page ends as an undisturbed one", async ({
  page,
  context,
  setStepMs,
}) => {
  const connection = page.getByRole("banner");
  await page.goto("/");
  await expect(connection.getByText("Live", { exact: true })).toBeVisible();
  await generate(page, "an undisturbed picture", { steps: 8 });
  const undisturbed = await endOf(page, "an undisturbed picture");

  await setStepMs(4000);
  await generate(page, "made while the network was away", { steps: 8 });
  await expect(cardOf(page, "made while the network was away").getByText(/^(Step|Sampling)/)).toBeVisible();
  await context.setOffline(true);
  await expect(connection.getByText("Offline")).toBeVisible({ timeout: 7000 });
  await setStepMs(50);
  await context.setOffline(false);
  await expect(connection.getByText("Live", { exact: true })).toBeVisible();
  expect(await endOf(page, "made while the network was away")).toBe(undisturbed);
});

test.describe("a part that comes later", () => {
  test.use({ expectedConsoleErrors: [/ERR_INTERNET_DISCONNECTED/] });

  test("whose script cannot be loaded leaves the page standing, and comes once there is a network", async ({
    page,
    context,
  }) => {
    await page.goto("/");
    await expect(page.getByRole("banner").getByText("Live", { exact: true })).toBeVisible();
    await context.setOffline(true);
    const failed = page.waitForEvent("requestfailed", (request) => request.url().endsWith(".js"));
    const menu = page.getByRole("banner").locator("details");
    await menu.locator("summary").click();
    await failed;
    await expect(page.getByRole("textbox", { name: "Prompt", exact: true })).toBeVisible();
    await context.setOffline(false);
    await expect(menu.getByRole("link", { name: "Your account and uploads" })).toBeVisible();
  });
});

test.describe("the server dies", () => {
  // Browsers write every request that nobody answers to the console.
  test.use({ expectedConsoleErrors: [/ERR_(CONNECTION|EMPTY|INCOMPLETE)|ERR_NETWORK|WebSocket connection to/] });

  test("a page whose server dies in the middle of a run and is started again ends as an undisturbed one", async ({
    page,
    setStepMs,
    product,
  }) => {
    test.slow();
    const connection = page.getByRole("banner");
    await page.goto("/");
    await generate(page, "an undisturbed picture", { steps: 8 });
    const undisturbed = await endOf(page, "an undisturbed picture");
    await setStepMs(2000);
    await generate(page, "made while the server began again", { steps: 8 });
    await expect(cardOf(page, "made while the server began again").getByText(/^(Step|Sampling)/)).toBeVisible();
    killWeb(product);
    await expect(connection.getByText(/Reconnecting/)).toBeVisible();
    await setStepMs(50);
    await expect(connection.getByText(/^Live/)).toBeVisible({ timeout: 30_000 });
    expect(await endOf(page, "made while the server began again")).toBe(undisturbed);
  });
});

test("without sockets events come over HTTP, without those the page asks, and the best is taken again once it can be had", async ({
  page,
  context,
}) => {
  test.slow();
  let isCut = true;
  const open = new Set<WebSocketRoute>();
  await page.routeWebSocket(/\/ws$/, (socket) => {
    open.add(socket);
    socket.connectToServer();
    // With its first message it has opened: Playwright tells a page nothing of a socket that it closes before.
    if (isCut) socket.onMessage(() => void socket.close({ code: 1001 }));
  });
  const connection = page.getByRole("banner");
  await page.goto("/");
  await expect(connection.getByText("Live (SSE)")).toBeVisible();
  await generate(page, "told by events");
  await expect(cardOf(page, "told by events").getByText(/Image generated in/)).toBeVisible();

  // As a proxy that lets no stream through: an answer without content ends an event source.
  await context.route("**/api/trpc/job.onFeed*", (route) => route.fulfill({ status: 204 }));
  await page.reload();
  await expect(connection.getByText("Polling")).toBeVisible();
  await expect(cardOf(page, "told by events").getByText(/Image generated in/)).toBeVisible();
  const other = await context.newPage();
  await other.goto("/");
  await generate(other, "asked for in another tab");
  await expect(cardOf(page, "asked for in another tab").getByText(/Image generated in/)).toBeVisible();
  await other.close();

  isCut = false;
  await context.unroute("**/api/trpc/job.onFeed*");
  await expect(connection.getByText("Live", { exact: true })).toBeVisible({ timeout: 30_000 });
});

test("five tabs have one socket, and when the one that holds it is closed the others see the same run to its end", async ({
  page,
  context,
  setStepMs,
}) => {
  const open = new Set<Page>();
  context.on("page", (tab) => countSockets(tab, open));
  countSockets(page, open);
  await setStepMs(1000);
  await page.goto("/");
  await expect(page.getByRole("banner").getByText("Live", { exact: true })).toBeVisible();
  const tabs = await Promise.all([1, 2, 3, 4].map(() => context.newPage()));
  for (const tab of tabs) {
    await tab.goto("/");
    await expect(tab.getByRole("banner").getByText("Live", { exact: true })).toBeVisible();
  }
  expect([...open]).toEqual([page]);
  await generate(page, "seen in five tabs", { steps: 20 });
  for (const tab of tabs) await expect(cardOf(tab, "seen in five tabs").getByText(/^Step/)).toBeVisible();
  await page.close();
  await expect.poll(() => open.size, { timeout: 2000 }).toBe(1);
  await setStepMs(50);
  for (const tab of tabs) {
    await expect(cardOf(tab, "seen in five tabs").getByText(/Image generated in/)).toBeVisible();
    await expect(cardOf(tab, "seen in five tabs")).toHaveCount(1);
    await expect(tab.getByRole("banner").getByText("Live", { exact: true })).toBeVisible();
  }
  expect(open.size).toBe(1);
});

/** Keeps the pages whose socket is open. */
function countSockets(page: Page, open: Set<Page>): void {
  page.on("websocket", (socket) => {
    open.add(page);
    socket.on("close", () => open.delete(page));
  });
  page.on("close", () => open.delete(page));
}

test("two visitors at once each see their own picture develop, and nothing of the other's", async ({
  page,
  browser,
  baseURL,
}) => {
  const other = await browser.newContext({ baseURL });
  const theirs = await other.newPage();
  await Promise.all([page.goto("/"), theirs.goto("/")]);
  await generate(page, "my picture", { steps: 6 });
  await generate(theirs, "their picture", { steps: 6 });
  await expect(cardOf(page, "my picture").getByText(/Image generated in/)).toBeVisible({ timeout: 20_000 });
  await expect(cardOf(theirs, "their picture").getByText(/Image generated in/)).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText("their picture")).toHaveCount(0);
  await expect(theirs.getByText("my picture")).toHaveCount(0);
  await other.close();
});

test.describe("without a network", () => {
  test.use({ serviceWorkers: "allow", expectedConsoleErrors: [/ERR_INTERNET_DISCONNECTED|503/] });

  test("a page that is opened is our own, and comes back by itself", async ({ page, context }) => {
    await page.goto("/");
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await context.setOffline(true);
    const opened = await page.goto("/history");
    expect(opened?.status()).toBe(503);
    await expect(page.getByRole("heading", { name: "No light from the server" })).toBeVisible();
    await context.setOffline(false);
    await expect(page.getByRole("banner").getByText("Live", { exact: true })).toBeVisible();
    await expect(page).toHaveURL(/\/history$/);
  });
});
