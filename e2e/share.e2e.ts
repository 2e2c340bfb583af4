import { readFile } from "node:fs/promises";
import AxeBuilder from "@axe-core/playwright";
import { textsOf } from "../apps/worker/src/testing/png.ts";
import { expect, test } from "./fixtures.ts";
import { cardOf, generate } from "./generate.ts";

test("a picture is shared without what made it, says so after a reload, and is gone as soon as its owner ends that", async ({
  page,
  context,
  browser,
  baseURL,
}) => {
  const prompt = "a lamp to show around";
  await page.goto("/");
  await generate(page, prompt, { size: 256 });
  await expect(cardOf(page, prompt).getByText(/Image generated in/)).toBeVisible();
  await cardOf(page, prompt).getByRole("link", { name: prompt }).click();
  await expect(page.getByRole("heading", { level: 1, name: prompt })).toBeVisible();
  const saved = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download", exact: true }).click();
  const own = await saved;
  expect(own.suggestedFilename()).toMatch(/^a-lamp-to-show-around-\d+\.png$/);
  const original = await readFile(await own.path());
  expect(JSON.stringify(textsOf(original))).toContain(prompt);

  const shared = page.getByRole("region", { name: "Shared" });
  const link = shared.getByRole("textbox", { name: "Link to share" });
  await page.getByRole("button", { name: "Share", exact: true }).click();
  await expect(link).toHaveValue(new RegExp(`^${baseURL}/api/shares/[\\w-]{43}$`));
  const address = await link.inputValue();
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await shared.getByRole("button", { name: "Copy the link" }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(address);

  const stranger = await browser.newContext();
  const view = await stranger.newPage();
  const seen = await view.goto(address);
  expect([seen?.status(), seen?.headers()["content-type"]]).toEqual([200, "image/png"]);
  await expect(view.getByRole("img")).toBeVisible();
  const copy = (await seen?.body()) ?? Buffer.alloc(0);
  expect([copy.readUInt32BE(16), copy.readUInt32BE(20)]).toEqual([256, 256]);
  expect(copy.toString("latin1")).not.toMatch(/tEXt|iTXt|zTXt|eXIf|KSampler|a lamp/);

  await page.reload();
  await expect(link).toHaveValue(address);
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const { violations } = await new AxeBuilder({ page }).include("main").analyze();
    expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);
  }

  await page.getByRole("button", { name: "Stop sharing" }).click();
  await expect(page.getByRole("button", { name: "Share", exact: true })).toBeVisible();
  await expect(shared).toHaveCount(0);
  // In the browser that has just shown it.
  expect((await view.reload())?.status()).toBe(404);
  await expect(view.getByText(/is not shared with you any more/)).toBeVisible();
  await page.reload();
  await expect(page.getByRole("button", { name: "Share", exact: true })).toBeVisible();
  await expect(shared).toHaveCount(0);

  // What is shared again has another address: the first one stays what it is.
  await page.getByRole("button", { name: "Share", exact: true }).click();
  await expect(link).toHaveValue(/\/api\/shares\//);
  expect(await link.inputValue()).not.toBe(address);
  expect((await stranger.request.get(address)).status()).toBe(404);
  await stranger.close();
});
