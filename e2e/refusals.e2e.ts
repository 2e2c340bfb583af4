import { expect, test } from "./fixtures.ts";
import { cardOf, generate } from "./generate.ts";

test("a job that ComfyUI refuses says which field it concerns, in ComfyUI's words", async ({
  page,
  whileModelIsGone,
}) => {
  await page.goto("/");
  await expect(page.getByRole("button", { name: "Generate" })).toBeVisible();
  await whileModelIsGone(async () => {
    await generate(page, "a job without its model");
    const card = cardOf(page, "a job without its model");
    await expect(card.getByText(/^Failed/)).toBeVisible();
    await expect(card.getByText(/ComfyUI refused Model: Value not in list/)).toBeVisible();
    await expect(card.getByRole("button", { name: "Try again" })).toBeVisible();
  });
});

test.describe("limits", () => {
  // The browser logs every refused request.
  test.use({ expectedConsoleErrors: [/status of 429/] });

  test("a full queue is said with what to do next, and nothing is lost", async ({ page, address, setStepMs }) => {
    await page.goto("/");
    await setStepMs(1000);
    await generate(page, "the first of many", { steps: 100 });
    await expect(cardOf(page, "the first of many").getByText(/^(Step|Sampling|Loading)/)).toBeVisible();
    const origin = address;
    const item = { workflow: "test-card", inputs: { width: 64, height: 64 } };
    const items = Array.from({ length: 20 }, () => item);
    const answer = await page.request.post("/api/trpc/job.submitBatch", { headers: { origin }, data: { items } });
    const { batchId } = (await answer.json()).result.data;
    // The first of them leaves the queue to wait on the backend itself, and so makes room for one more.
    await expect(page.getByText(/^Preparing · next on/)).toBeVisible();
    await page.request.post("/api/trpc/job.submit", { headers: { origin }, data: item });

    await generate(page, "one too many");
    await expect(page.getByText("The queue is full.")).toBeVisible();
    await expect(page.getByText(/Try again in \d+ s/)).toBeVisible();
    await expect(page.getByRole("textbox", { name: "Prompt", exact: true })).toHaveValue("one too many");
    await expect(cardOf(page, "one too many")).toHaveCount(0);

    await page.request.post("/api/trpc/job.cancel", { headers: { origin }, data: { batchId } });
    await cardOf(page, "the first of many").getByRole("button", { name: "Cancel" }).click();
    await expect(cardOf(page, "the first of many").getByText(/^Canceled/)).toBeVisible();
  });
});

test("a browser that keeps no cookies is told so, and nothing is submitted", async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, "cookieEnabled", { get: () => false }));
  const writes: string[] = [];
  page.on("request", (request) => request.method() === "POST" && writes.push(request.url()));
  await page.goto("/");
  await expect(page.getByRole("alert").getByText(/blocks cookies/)).toBeVisible();
  await generate(page, "a picture that nobody would find");
  await expect(page.getByText(/blocks cookies/)).toHaveCount(2);
  await expect(page.getByRole("article")).toHaveCount(0);
  expect(writes).toEqual([]);
});
