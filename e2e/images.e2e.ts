import { expect, type Page, test } from "./fixtures.ts";
import { cardOf, generate, setSteps } from "./generate.ts";

/** Makes a small picture and answers with its file. */
async function makePicture(page: Page, prompt: string): Promise<Buffer> {
  await page.goto("/");
  await generate(page, prompt, { size: 256 });
  const picture = cardOf(page, prompt).getByRole("img", { name: prompt });
  await expect(cardOf(page, prompt).getByText(/Image generated in/)).toBeVisible({ timeout: 15_000 });
  const outputId = /\/api\/outputs\/([0-9a-f-]+)/.exec(
    decodeURIComponent((await picture.getAttribute("src")) ?? ""),
  )?.[1];
  return (await page.request.get(`/api/outputs/${outputId}`)).body();
}

async function choose(page: Page, field: "Image" | "Mask", name: string, buffer: Buffer): Promise<void> {
  await page.getByLabel(field, { exact: true }).setInputFiles({ name, mimeType: "image/png", buffer });
}

test("a picture goes up and is made into another", async ({ page }) => {
  const picture = await makePicture(page, "a harbour to begin with");
  await page.getByRole("radio", { name: "Image to image" }).check();
  await choose(page, "Image", "harbour.png", picture);
  await expect(page.getByText("256 × 256")).toBeVisible();
  await page.getByRole("textbox", { name: "Prompt", exact: true }).fill("the same harbour in snow");
  await setSteps(page, 4);
  await page.getByRole("button", { name: "Generate" }).click();
  const card = cardOf(page, "the same harbour in snow");
  await expect(card.getByRole("img", { name: "the same harbour in snow" })).toBeVisible({ timeout: 15_000 });
});

test("a part of a picture is painted anew where its mask is white", async ({ page }) => {
  const picture = await makePicture(page, "a wall with a window");
  await page.getByRole("radio", { name: "Inpaint" }).check();
  await choose(page, "Image", "wall.png", picture);
  await choose(page, "Mask", "mask.png", picture);
  await expect(page.getByText("256 × 256")).toHaveCount(2);
  await page.getByRole("textbox", { name: "Prompt", exact: true }).fill("a door instead");
  await setSteps(page, 4);
  await page.getByRole("button", { name: "Generate" }).click();
  await expect(cardOf(page, "a door instead").getByText(/Image generated in/)).toBeVisible({ timeout: 15_000 });
});

test("no picture is made from the image before, while the one that replaces it goes up", async ({ page }) => {
  const picture = await makePicture(page, "a field in spring");
  await page.getByRole("radio", { name: "Image to image" }).check();
  await choose(page, "Image", "spring.png", picture);
  await expect(page.getByText("256 × 256")).toBeVisible();
  let letPass = (): void => undefined;
  await page.route("**/api/uploads", async (route) => {
    await new Promise<void>((resolve) => {
      letPass = resolve;
    });
    await route.continue();
  });
  await choose(page, "Image", "autumn.png", picture);
  await expect(page.getByText(/^Uploading/)).toBeVisible();
  await page.getByRole("textbox", { name: "Prompt", exact: true }).fill("the field in autumn");
  await page.getByRole("button", { name: "Generate" }).click();
  const field = page.getByLabel("Image", { exact: true });
  await expect(field).toHaveAccessibleDescription(/Wait until the image is uploaded\./);
  letPass();
  await expect(page.getByText("autumn.png")).toBeVisible();
  await expect(field).not.toHaveAccessibleDescription(/Wait until/);
  await expect(cardOf(page, "the field in autumn")).toHaveCount(0);
  await page.getByRole("button", { name: "Generate" }).click();
  await expect(cardOf(page, "the field in autumn")).toBeVisible();
});

test("a picture is enlarged", async ({ page }) => {
  const picture = await makePicture(page, "a small print");
  await page.getByRole("radio", { name: "Upscale", exact: true }).check();
  await choose(page, "Image", "print.png", picture);
  await expect(page.getByText("256 × 256")).toBeVisible();
  await page.getByRole("button", { name: "Generate" }).click();
  const card = page.getByRole("article", { name: "Upscale" });
  await expect(card.getByText(/Image generated in/)).toBeVisible({ timeout: 15_000 });
  await card.getByRole("link", { name: "Upscale" }).click();
  await expect(page.getByText(/image\/png, 512 × 512/)).toBeVisible();
});

test.describe("what is no image", () => {
  // The browser logs every refused request.
  test.use({ expectedConsoleErrors: [/status of 4\d\d/] });

  test("is refused at its field, in words", async ({ page }) => {
    await page.goto("/");
    await page.getByRole("radio", { name: "Image to image" }).check();
    await choose(page, "Image", "notes.png", Buffer.from("these are notes"));
    await expect(page.getByText(/^This file is not an image/)).toBeVisible();
    await page.getByRole("textbox", { name: "Prompt", exact: true }).fill("never made");
    await page.getByRole("button", { name: "Generate" }).click();
    await expect(page.getByLabel("Image", { exact: true })).toHaveAccessibleDescription(/Add an image first\./);
    await expect(page.getByRole("article")).toHaveCount(0);
  });
});
