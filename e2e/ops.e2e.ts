import { expect, test } from "./fixtures.ts";
import { cardOf, generate } from "./generate.ts";

test("the admin link makes an operator, who sees everyone's jobs, the backends and the queue", async ({
  page,
  browser,
  baseURL,
  adminLink,
  controlSimulator,
}) => {
  const visitor = await browser.newContext({ baseURL });
  const studio = await visitor.newPage();
  await studio.goto("/");
  await generate(studio, "a picture of somebody else");
  await expect(cardOf(studio, "a picture of somebody else").getByText(/Image generated in/)).toBeVisible();

  await page.goto("/ops");
  await expect(page.getByRole("heading", { name: "For operators" })).toBeVisible();
  await expect(page.getByText("a picture of somebody else")).toHaveCount(0);

  await page.goto(adminLink ?? "");
  await page.getByRole("button", { name: "Become the admin" }).click();
  await expect(page.getByRole("heading", { name: "Operations" })).toBeVisible();
  await expect(page.getByRole("link", { name: /a picture of somebody else/ }).first()).toBeVisible();
  await expect(page.getByText(/^Simulator [\d.]+$/)).toBeVisible();

  await page.getByRole("button", { name: "Pause the queue" }).click();
  await expect(page.getByRole("button", { name: "Resume the queue" })).toBeVisible();
  await generate(studio, "made while it is paused");
  await expect(cardOf(studio, "made while it is paused").getByText(/^Queued/)).toBeVisible();
  await page.getByRole("button", { name: "Resume the queue" }).click();
  await expect(cardOf(studio, "made while it is paused").getByText(/Image generated in/)).toBeVisible({
    timeout: 15_000,
  });

  const { models } = await controlSimulator({});
  await controlSimulator({ models: { ...models, checkpoints: ["another.safetensors"] } });
  await generate(studio, "failed at first");
  await expect(cardOf(studio, "failed at first").getByText(/^Failed/)).toBeVisible();
  await controlSimulator({ models });
  const letter = page
    .getByRole("region", { name: "Dead letters" })
    .getByRole("listitem")
    .filter({ hasText: "failed at first" });
  await letter.getByRole("button", { name: "Redrive" }).click();
  await expect(letter).toHaveCount(0);
  await expect(cardOf(studio, "failed at first").getByText(/Image generated in/)).toBeVisible({ timeout: 15_000 });
  await visitor.close();
});
