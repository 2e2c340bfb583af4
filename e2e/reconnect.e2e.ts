import type { WebSocketRoute } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { cardOf, generate } from "./generate.ts";

test("a lost socket is said, and what was missed meanwhile is made up for", async ({ page, setStepMs }) => {
  test.slow();
  await setStepMs(4000);
  let isCut = false;
  const open = new Set<WebSocketRoute>();
  await page.routeWebSocket(/\/ws$/, (socket) => {
    open.add(socket);
    socket.connectToServer();
    // With its first message it has opened: Playwright tells a page nothing of a socket that it closes before.
    if (isCut) socket.onMessage(() => void socket.close({ code: 1001 }));
  });
  await page.goto("/");
  const connection = page.getByRole("banner");
  await expect(connection.getByText("Live")).toBeVisible();
  await generate(page, "a picture made while the line was dead", { steps: 12 });
  const card = cardOf(page, "a picture made while the line was dead");
  await expect(card.getByText(/^(Step|Sampling)/)).toBeVisible();

  isCut = true;
  for (const socket of open) await socket.close({ code: 1001 });
  await expect(connection.getByText(/Reconnecting|Offline/)).toBeVisible();
  await setStepMs(50);
  // Without a socket the card still ends: the page asks.
  await expect(card.getByText(/Image generated in/)).toBeVisible({ timeout: 20_000 });

  isCut = false;
  await expect(connection.getByText("Live")).toBeVisible();
  await generate(page, "and one after it came back");
  await expect(cardOf(page, "and one after it came back").getByText(/Image generated in/)).toBeVisible();
});

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
