import { expect, test } from "./fixtures.ts";
import { cardOf, generate, keepProgress } from "./generate.ts";

test.beforeEach(async ({ page }) => {
  await page.goto("/");
});

test("a visitor asks for a picture and watches it develop", async ({ page }) => {
  const prompt = "a lighthouse at dusk";
  const previews = new Set<string>();
  page.on("response", (response) => {
    if (response.status() === 200 && response.url().includes("/preview")) previews.add(response.url());
  });
  const progress = await keepProgress(page);
  await generate(page, prompt, { steps: 8 });
  const card = cardOf(page, prompt);
  await expect(card.getByRole("img", { name: prompt })).toBeVisible();
  await expect(card.getByText(/Image generated in [\d.]+ ?s/)).toBeVisible();
  expect((await progress()).filter((text) => /^Step \d+\/8 \(\d+ %\)/.test(text)).length).toBeGreaterThan(1);
  // It develops: one preview after the other, not the first one over and over.
  expect(previews.size).toBeGreaterThan(1);
  await expect(card.getByRole("button", { name: /seed/i }).first()).toBeVisible();
  const isDrawn = await card
    .getByRole("img", { name: prompt })
    .evaluate((image) => image instanceof HTMLImageElement && image.decode().then(() => image.naturalWidth > 100));
  expect(isDrawn).toBe(true);
});

test("cards load pictures of their size, and no originals", async ({ page }) => {
  await generate(page, "a harbour", { size: 1024 });
  await expect(page.getByRole("img", { name: "a harbour", exact: true })).toBeVisible();
  const sizes: Promise<number>[] = [];
  page.on("requestfinished", (request) => {
    if (request.url().includes("/api/outputs/")) sizes.push(request.sizes().then((size) => size.responseBodySize));
  });
  await page.reload();
  await expect
    .poll(() =>
      page
        .getByRole("img", { name: "a harbour", exact: true })
        .evaluate((img) => (img as HTMLImageElement).naturalWidth),
    )
    .toBeGreaterThan(0);
  const [bytes, ...others] = await Promise.all(sizes);
  expect(others).toEqual([]);
  // The original has more than a megabyte.
  expect(bytes).toBeLessThan(150_000);
});

test("one can generate again at once, and every card ends", async ({ page }) => {
  for (const prompt of ["one fox", "two foxes", "three foxes"]) await generate(page, prompt);
  for (const prompt of ["one fox", "two foxes", "three foxes"]) {
    await expect(cardOf(page, prompt).getByRole("img", { name: prompt })).toBeVisible({ timeout: 30_000 });
  }
});

test("a reload in the middle finds the same card, and it ends", async ({ page, setStepMs }) => {
  const prompt = "a slow harbour";
  await setStepMs(4000);
  await generate(page, prompt, { steps: 20 });
  await expect(cardOf(page, prompt).getByText(/^Step \d+\/20/)).toBeVisible();
  await page.reload();
  await expect(cardOf(page, prompt).getByText(/^(Step \d+\/20|Sampling)/)).toBeVisible();
  await setStepMs(50);
  await expect(cardOf(page, prompt).getByText(/Image generated in/)).toBeVisible({ timeout: 30_000 });
});

test("a running job is canceled", async ({ page, setStepMs }) => {
  const prompt = "a very long exposure";
  await setStepMs(1000);
  await generate(page, prompt, { steps: 100 });
  const card = cardOf(page, prompt);
  await expect(card.getByText(/^Step \d+\/100/)).toBeVisible();
  await card.getByRole("button", { name: /cancel/i }).click();
  await expect(card.getByText(/^Canceled/)).toBeVisible();
});

test("a waiting job is canceled while the one before it goes on", async ({ page, setStepMs }) => {
  await setStepMs(1000);
  await generate(page, "the first in line", { steps: 100 });
  await expect(cardOf(page, "the first in line").getByText(/^Step/)).toBeVisible();
  await generate(page, "the second in line");
  const second = cardOf(page, "the second in line");
  // The backend has it already, behind the first.
  await expect(second.getByText(/^Preparing · next on/)).toBeVisible();
  await second.getByRole("button", { name: /cancel/i }).click();
  await expect(second.getByText(/^Canceled/)).toBeVisible();
  await expect(cardOf(page, "the first in line").getByText(/^(Step|Sampling)/)).toBeVisible();
  await cardOf(page, "the first in line")
    .getByRole("button", { name: /cancel/i })
    .click();
  await expect(cardOf(page, "the first in line").getByText(/^Canceled/)).toBeVisible();
});

test("what runs stays first, what waits is a strip with a way back, and what ended meanwhile is told once", async ({
  page,
  setStepMs,
  address,
}) => {
  // Few and long ones: each step of those that are to end has a preview, which is drawn and told to the page.
  await setStepMs(4000);
  await generate(page, "one that runs", { steps: 25 });
  await expect(cardOf(page, "one that runs").getByText(/^Step/)).toBeVisible();
  for (const name of ["second", "third", "fourth"]) await generate(page, `the ${name} to wait`);
  const strip = page.locator("details", { hasText: /\d waiting/ });
  await expect(strip.locator("summary")).toContainText("2 waiting");
  await expect(page.getByRole("article").first()).toContainText("one that runs");
  await expect(page).toHaveTitle(/^\(4\) \d+ % · /);
  await expect(page.locator('link[rel=icon][href^="data:"]')).toHaveCount(1);

  const last = cardOf(page, "the fourth to wait");
  await last.getByRole("button", { name: "Cancel" }).click();
  await expect(last.getByText("Canceling")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(last.getByText(/^Queued/)).toBeVisible();
  await strip.locator("summary").click();
  await strip.getByRole("button", { name: "Cancel all" }).click();
  await expect(last.getByText("Canceled", { exact: true })).toBeVisible();
  await expect(cardOf(page, "the third to wait").getByText("Canceled", { exact: true })).toBeVisible();
  await expect(strip).toHaveCount(0);

  await page.goto("about:blank");
  await setStepMs(10);
  const jobs = () => page.request.get(`${address}/api/trpc/job.list`).then((answer) => answer.text());
  await expect.poll(jobs).not.toMatch(/"state":"(running|queued)"/);
  await page.goto("/");
  await expect(page.getByText("2 finished while you were away.")).toBeVisible();
  await page.reload();
  await expect(cardOf(page, "one that runs").getByText(/Image generated in/)).toBeVisible();
  await expect(page.getByText(/finished while you were away/)).toHaveCount(0);
});

test("a bad value is named at its field, and nothing is sent to the queue", async ({ page }) => {
  await page.getByRole("button", { name: "Generate" }).click();
  const field = page.getByRole("textbox", { name: "Prompt", exact: true });
  await expect(field).toHaveAccessibleDescription(/Write a prompt first\./);
  await expect(field).toBeFocused();
  await expect(page.getByRole("article")).toHaveCount(0);
});

test("history lists the picture, and the job page tells its story and runs it again", async ({ page }) => {
  const prompt = "a kite over dunes";
  await generate(page, prompt);
  await expect(cardOf(page, prompt).getByText(/Image generated in/)).toBeVisible();
  await page.getByRole("link", { name: "History" }).first().click();
  const entry = page.getByRole("listitem").getByRole("link", { name: prompt, exact: true });
  await expect(entry).toBeVisible();
  await entry.click();
  await expect(page).toHaveURL(/\/jobs\/[0-9a-f-]{36}$/);
  await expect(page.getByRole("img", { name: prompt }).first()).toBeVisible();
  await expect(page.getByRole("heading", { name: "How it was made" })).toBeVisible();
  // A guest is not told on which server.
  await expect(page.getByText(/^ComfyUI [\d.]+$/)).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "Sampler" })).toContainText(/\d m?s$/);
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download the graph" }).click();
  expect((await saved).suggestedFilename()).toMatch(/^a-kite-over-dunes-\d+\.json$/);

  await page.getByText("Workflow graph").click();
  await expect(page.getByLabel(/^Sampler: [\d.]+ m?s$/)).toBeVisible();
  await page.getByText("For programs").click();
  await expect(page.getByRole("button", { name: /Copy as curl/ })).toBeVisible();
  await expect(page.getByRole("region", { name: "Events as JSON" })).toContainText("job.succeeded");

  const original = page.url();
  await page.getByRole("button", { name: /run again/i }).click();
  await expect(page).not.toHaveURL(original);
  // The new job's own: it is for that page alone to say from which one it was made.
  await expect(page.getByRole("link", { name: "an earlier job" })).toHaveAttribute("href", new URL(original).pathname);
  await expect(page.getByRole("img", { name: prompt }).first()).toBeVisible({ timeout: 20_000 });

  // What a server of another version would be answered; everything else is as it is.
  const message = "It was made with ComfyUI 0.33.0 and would run on 0.34.1 now.";
  await page.route("**/api/trpc/job.drift*", async (route) => {
    const response = await route.fetch();
    const [answer] = await response.json();
    answer.result.data.differences = [{ kind: "comfy-version", message }];
    await route.fulfill({ response, json: [answer] });
  });
  const repeated = page.url();
  await page.getByRole("button", { name: /run again/i }).click();
  await expect(page.getByRole("dialog").getByText(message)).toBeVisible();
  await page.getByRole("button", { name: "Leave it" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page).toHaveURL(repeated);
  await page.getByRole("button", { name: /run again/i }).click();
  await page.getByRole("button", { name: "Run anyway" }).click();
  await expect(page).not.toHaveURL(repeated);
});

test("nobody else sees another's job", async ({ page, browser, baseURL }) => {
  const prompt = "a private garden";
  await generate(page, prompt);
  await expect(cardOf(page, prompt).getByText(/Image generated in/)).toBeVisible();
  const image = await cardOf(page, prompt).getByRole("img", { name: prompt }).getAttribute("src");
  await page.goto("/history");
  await page
    .getByRole("link", { name: new RegExp(prompt) })
    .first()
    .click();
  await expect(page).toHaveURL(/\/jobs\//);

  const stranger = await browser.newContext({ baseURL });
  const view = await stranger.newPage();
  await view.goto("/history");
  await expect(view.getByText("Your pictures will hang here")).toBeVisible();
  await expect(view.getByText(prompt)).toHaveCount(0);
  expect((await stranger.request.get(new URL(image ?? "", baseURL).href)).status()).toBe(404);
  const jobId = page.url().split("/").at(-1);
  const answer = await stranger.request.get(
    `/api/trpc/job.byId?input=${encodeURIComponent(JSON.stringify({ jobId }))}`,
  );
  expect(answer.status()).toBe(404);
  await stranger.close();
});

test("while pictures develop one types, looks elsewhere and comes back", async ({ page }) => {
  for (const prompt of ["first of three", "second of three", "third of three"]) await generate(page, prompt);
  await page.getByRole("textbox", { name: "Prompt", exact: true }).fill("the next idea");
  await page.getByRole("link", { name: "History" }).first().click();
  await expect(page.getByRole("link", { name: /third of three/ }).first()).toBeVisible();
  await page.getByRole("link", { name: "Studio" }).first().click();
  await expect(page.getByRole("textbox", { name: "Prompt", exact: true })).toHaveValue("the next idea");
  await expect(cardOf(page, "third of three").getByText(/Image generated in/)).toBeVisible({ timeout: 30_000 });
});
