import { expect, type Page, test } from "./fixtures.ts";

// A file of its own, because the first visitor to open the admin link becomes the admin.
test.use({ productFor: "typed-before" });

/** Opens a page whose scripts wait; answers with what lets them come. */
async function openWithoutScripts(page: Page, path: string): Promise<() => Promise<void>> {
  const { promise, resolve } = Promise.withResolvers<void>();
  await page.route("**/_next/static/chunks/*.js", async (route) => {
    await promise;
    await route.continue();
  });
  await page.goto(path, { waitUntil: "commit" });
  return async () => {
    resolve();
    await page.waitForLoadState("networkidle");
    await page.unroute("**/_next/static/chunks/*.js");
  };
}

test("what is typed, ticked and chosen before a page listens is taken up, with the caret where it was", async ({
  page,
  product,
}) => {
  await page.goto(product.adminLink ?? "");
  await page.getByRole("button", { name: "Become the admin" }).click();
  await expect(page.getByRole("heading", { name: "Operations" })).toBeVisible();

  await test.step("studio", async () => {
    const release = await openWithoutScripts(page, "/");
    const prompt = page.getByRole("textbox", { name: "Prompt", exact: true });
    await prompt.pressSequentially("a fox early");
    await prompt.press("Home");
    await page.getByRole("spinbutton", { name: "Seed" }).fill("7");
    await page.getByRole("spinbutton", { name: "Width" }).fill("256");
    await page.getByRole("spinbutton", { name: "How many" }).fill("2");
    await prompt.focus();
    await release();
    await page.keyboard.type("so ");
    await expect(page.getByRole("button", { name: "Generate 2" })).toBeEnabled();
    await page.reload();
    for (const [field, value] of [
      [prompt, "so a fox early"],
      [page.getByRole("spinbutton", { name: "Seed" }), "7"],
      [page.getByRole("spinbutton", { name: "Width" }), "256"],
    ] as const)
      await expect(field).toHaveValue(value);
  });

  await test.step("another workflow keeps what was typed for the one before", async () => {
    const release = await openWithoutScripts(page, "/");
    await page.getByRole("radio", { name: "Upscale", exact: true }).check({ force: true });
    await page.getByRole("radio", { name: "Inpaint", exact: true }).check({ force: true });
    await page.getByRole("textbox", { name: "Prompt", exact: true }).fill("a fox painted over");
    await release();
    await expect(page.getByRole("radio", { name: "Inpaint", exact: true })).toBeChecked();
    await expect(page.getByRole("textbox", { name: "Prompt", exact: true })).toHaveValue("a fox painted over");
  });

  await test.step("history, and everyone's", async () => {
    for (const path of ["/history", "/ops"]) {
      const release = await openWithoutScripts(page, path);
      await page.getByRole("searchbox", { name: "Search" }).pressSequentially("fox");
      await page.getByRole("combobox", { name: "When" }).selectOption({ label: "Today" });
      await release();
      await expect(page).toHaveURL(/[?&]q=fox(&|$)/);
      await expect(page).toHaveURL(/[?&]when=today(&|$)/);
    }
  });

  await test.step("account", async () => {
    const release = await openWithoutScripts(page, "/account");
    await page.getByRole("textbox", { name: "Your name here" }).fill("Ada");
    await page.getByRole("textbox", { name: "What is it for?" }).fill("early");
    await page.getByRole("checkbox", { name: /^Read/ }).uncheck();
    await release();
    await page.getByRole("button", { name: "Save the name" }).click();
    await page.getByRole("button", { name: "Make a key" }).click();
    await expect(page.getByText("it is shown this once")).toBeVisible();
    await expect(page.getByRole("textbox", { name: "Your name here" })).toHaveValue("Ada");
  });

  await test.step("a graph to import, pasted and as a file", async () => {
    const graph = JSON.stringify({ "1": { class_type: "EmptyImage", inputs: { width: 64, height: 64 } } });
    const release = await openWithoutScripts(page, "/workflows/import");
    await page.getByRole("textbox", { name: "Or paste the JSON" }).fill(graph);
    await release();
    await expect(page.getByRole("button", { name: "Read this workflow" })).toBeEnabled();
    const releaseFile = await openWithoutScripts(page, "/workflows/import");
    const file = { name: "early.json", mimeType: "application/json", buffer: Buffer.from("no graph") };
    await page.getByLabel("Workflow file").setInputFiles(file);
    await releaseFile();
    await expect(page.getByText("This can't be imported.")).toBeVisible();
  });
});
