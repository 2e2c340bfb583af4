import { expect, type Page, test } from "./fixtures.ts";
import { cardOf, generate, setSteps } from "./generate.ts";

const promptOf = (page: Page) => page.getByRole("textbox", { name: "Prompt", exact: true });

/** Drops the file on what is in the middle of the page, as a drag from outside does. Answers whether the page kept it. */
async function dropAnywhere(page: Page, name: string, bytes: Buffer): Promise<boolean> {
  return page.evaluate(
    ({ name, data }) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], name, { type: "image/png" }));
      const event = new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: transfer });
      document.querySelector("main")?.dispatchEvent(event);
      return event.defaultPrevented;
    },
    { name, data: bytes.toString("base64") },
  );
}

/** The values of an uploaded mask at places of its natural size, and that size. */
async function readMask(page: Page, uploadId: string, places: readonly (readonly [number, number])[]) {
  return page.evaluate(
    async ({ uploadId, places }) => {
      const bitmap = await createImageBitmap(await (await fetch(`/api/uploads/${uploadId}`)).blob());
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const context = canvas.getContext("2d");
      context?.drawImage(bitmap, 0, 0);
      const values = places.map(([x, y]) => context?.getImageData(x, y, 1, 1).data[0]);
      return { width: bitmap.width, height: bitmap.height, values };
    },
    { uploadId, places },
  );
}

test("a sweep is one grid, whose rest is canceled and made again", async ({ page, setStepMs }) => {
  await setStepMs(2000);
  await page.goto("/");
  await promptOf(page).fill("a tower");
  for (const side of ["Width", "Height"]) await page.getByRole("spinbutton", { name: side }).fill("64");
  await page.getByText("More settings").click();
  await page.getByRole("button", { name: "Give a setting several values" }).click();
  await page.getByRole("textbox", { name: "Values of steps" }).fill("4, 6");
  await page.getByRole("button", { name: "Cross it with a second setting" }).click();
  await page.getByLabel("Across the grid").selectOption("Prompt");
  await page.getByRole("textbox", { name: "Values of prompt" }).fill("a tower at noon\na tower at night");
  await page.getByRole("spinbutton", { name: "How many" }).fill("6");
  await expect(
    page.getByText("24 pictures (2 × 2 × 6). 20 of yours may wait at once: 20 go now, 4 as room appears"),
  ).toBeVisible();
  await page.getByRole("spinbutton", { name: "How many" }).fill("1");
  await page.getByRole("button", { name: "Generate 4" }).click();

  await page.getByRole("list", { name: "Batches" }).getByRole("link").click();
  await expect(page).toHaveURL(/\/batches\/[0-9a-f-]{36}$/);
  const grid = page.getByRole("table");
  await expect(grid.getByRole("columnheader")).toHaveText(["a tower at noon", "a tower at night"]);
  await expect(grid.getByRole("rowheader")).toHaveText(["4", "6"]);
  const cells = grid.getByRole("article");
  await expect(cells).toHaveCount(4);
  await page.getByRole("button", { name: "Cancel the rest" }).click();
  await expect(cells.getByText(/^Canceled/)).toHaveCount(4);
  await setStepMs(20);
  await page.getByRole("button", { name: "Try 4 again" }).click();
  await expect(page.getByText("4 pictures: 4 done")).toBeVisible();
  await page.reload();
  await expect(cells.getByRole("img")).toHaveCount(4);
  await expect(page.getByText("4 pictures: 4 done")).toBeVisible();
  // Each is told to be another try of one that was canceled.
  await cells
    .first()
    .getByRole("link", { name: /^Its page/ })
    .click();
  await page.getByRole("link", { name: "an earlier job" }).click();
  await expect(page.getByText(/^Canceled/).first()).toBeVisible();
});

test("a picture is dropped, masked by hand and painted anew", async ({ page }) => {
  await page.goto("/");
  await generate(page, "a wall", { size: 256 });
  const card = cardOf(page, "a wall");
  await expect(card.getByText(/^Succeeded/)).toBeVisible();
  const outputId = /outputs\/([0-9a-f-]+)/.exec((await card.getByRole("img").getAttribute("src")) ?? "")?.[1] ?? "";
  const file = await (await page.request.get(`/api/outputs/${outputId}`)).body();

  expect(await dropAnywhere(page, "wall.png", file)).toBe(true);
  const offer = page.getByRole("dialog", { name: "What shall be done with this picture?" });
  // It is one of ours: ComfyUI wrote into it which job it was.
  await expect(offer.getByRole("link", { name: "Its inputs into the form" })).toBeVisible();
  await expect(offer.getByRole("link", { name: "Its workflow: Text to image" })).toBeVisible();
  await expect(offer.getByRole("button", { name: "Use as input" })).toBeVisible();
  await offer.getByRole("button", { name: "Inpaint" }).click();
  await expect(page.getByRole("radio", { name: "Inpaint" })).toBeChecked();
  // The prompt went along from the other workflow.
  await expect(promptOf(page)).toHaveValue("a wall");

  await page.getByRole("button", { name: "Paint the mask" }).click();
  const editor = page.getByRole("dialog", { name: "Paint the mask" });
  const canvas = editor.getByRole("application");
  await expect(canvas).toBeFocused();
  // By keyboard: the brush begins in the middle, of a radius of 11 pixels.
  await canvas.press("Space");
  await canvas.press("i");
  await canvas.press("i");
  // By mouse: a stroke along the upper edge, which is then taken back, and done again.
  const picture = await editor.locator("canvas").boundingBox();
  if (picture === null) throw new Error("the picture is not on the page");
  const at = (x: number, y: number) =>
    [picture.x + (x / 256) * picture.width, picture.y + (y / 256) * picture.height] as const;
  await page.mouse.move(...at(40, 30));
  await page.mouse.down();
  await page.mouse.move(...at(200, 30), { steps: 4 });
  await page.mouse.up();
  await canvas.press("Control+z");
  await expect(editor.getByRole("button", { name: /^Redo/ })).toBeEnabled();
  // The keys are heard wherever the focus is.
  await editor.getByRole("button", { name: /^Whole picture/ }).focus();
  await page.keyboard.press("Control+Shift+z");
  await expect(editor.getByRole("button", { name: /^Redo/ })).toBeDisabled();
  // What was painted is not thrown away by one key.
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Go on painting" }).click();
  const uploaded = page.waitForResponse((response) => response.url().endsWith("/api/uploads"));
  await editor.getByRole("button", { name: "Use this mask" }).click();
  const { uploadId } = await (await uploaded).json();
  await expect(page.getByText("mask.png")).toBeVisible();
  const inside = [
    [128, 128],
    [128, 119],
    [40, 30],
    [120, 30],
    [200, 30],
    [120, 22],
  ] as const;
  const outside = [
    [128, 115],
    [128, 142],
    [120, 10],
    [120, 50],
    [20, 30],
    [220, 30],
    [0, 0],
    [255, 255],
  ] as const;
  expect(await readMask(page, uploadId, [...inside, ...outside])).toEqual({
    ...{ width: 256, height: 256 },
    values: [...inside.map(() => 255), ...outside.map(() => 0)],
  });

  await promptOf(page).fill("a door in the wall");
  await setSteps(page, 4);
  await page.getByRole("button", { name: "Generate" }).click();
  await expect(cardOf(page, "a door in the wall").getByText(/^Succeeded/)).toBeVisible();

  // From a card: its picture is dragged onto the field of an image, and offered where there is room for a menu only.
  await cardOf(page, "a door in the wall").getByRole("button", { name: "Use this picture" }).click();
  await page.getByRole("link", { name: "Upscale", exact: true }).click();
  await expect(page.getByRole("radio", { name: "Upscale", exact: true })).toBeChecked();
  const chosen = page.getByRole("img", { name: "Chosen for Image" });
  await expect(chosen).not.toHaveAttribute("src", new RegExp(outputId));
  await cardOf(page, "a wall")
    .getByRole("button", { name: /^Enlarge/ })
    .dragTo(page.getByLabel("Image", { exact: true }));
  await expect(chosen).toHaveAttribute("src", new RegExp(outputId));
});

test("earlier prompts come back, a double click is one job, and the chooser keeps the focus", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("button", { name: /lighthouse/i }).click();
  await expect(promptOf(page)).not.toHaveValue("");
  await expect(page.getByText("Write a prompt first.")).toHaveCount(0);
  for (const side of ["Width", "Height"]) await page.getByRole("spinbutton", { name: side }).fill("64");
  for (const prompt of ["an old boat", "a new boat"]) {
    await promptOf(page).fill(prompt);
    await page.getByRole("button", { name: "Generate" }).dblclick();
    // Only what the server has accepted is among the earlier prompts.
    await expect(cardOf(page, prompt).getByText(/Image generated in/)).toBeVisible();
  }
  await expect(page.getByRole("article")).toHaveCount(2);
  await promptOf(page).fill("half a thought");
  for (const [key, text] of [
    ["Alt+ArrowUp", "a new boat"],
    ["Alt+ArrowUp", "an old boat"],
    ["Alt+ArrowDown", "a new boat"],
    ["Alt+ArrowDown", "half a thought"],
  ] as const) {
    await promptOf(page).press(key);
    await expect(promptOf(page)).toHaveValue(text);
  }
  await page.getByRole("button", { name: /^Earlier prompts/ }).click();
  await page.getByRole("searchbox", { name: "Search your prompts" }).fill("old");
  const found = page.getByRole("list", { name: "Prompts" }).getByRole("button");
  await expect(found).toHaveText(["an old boat"]);
  await found.click();
  await expect(promptOf(page)).toHaveValue("an old boat");

  const radio = page.getByRole("radio", { name: "Text to image" });
  await radio.focus();
  await radio.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("radio", { name: "Image to image" })).toBeFocused();
  await expect(page.getByText("Strength", { exact: true })).toBeVisible();
  await expect(promptOf(page)).toHaveValue("an old boat");
  await expect(page.getByRole("radio", { name: "Image to image" })).toBeFocused();
});
