import { readFile } from "node:fs/promises";
import { textsOf } from "../apps/worker/src/testing/png.ts";
import { expect, test } from "./fixtures.ts";
import { expectAccessible, openPicture } from "./picture-page.ts";

test("a picture is shared without what made it, says so after a reload, and is gone as soon as its owner ends that", async ({
  page,
  context,
  browser,
  baseURL,
}) => {
  const prompt = "a lamp to show around";
  await openPicture(page, prompt);
  const saved = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download", exact: true }).click();
  const own = await saved;
  expect(own.suggestedFilename()).toMatch(/^a-lamp-to-show-around-\d+\.png$/);
  const original = await readFile(await own.path());
  expect(JSON.stringify(textsOf(original))).toContain(prompt);

  const shared = page.getByRole("region", { name: "Shared" });
  const link = shared.getByRole("textbox", { name: "Link to share" });
  await page.getByRole("button", { name: "Share", exact: true }).click();
  await expect(link).toHaveValue(new RegExp(`^${baseURL}/s/[\\w-]{43}$`));
  const shownAt = await link.inputValue();
  const address = shownAt.replace("/s/", "/api/shares/");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await shared.getByRole("button", { name: "Copy the link" }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(shownAt);

  const stranger = await browser.newContext();
  const view = await stranger.newPage();
  const seen = await view.goto(address);
  expect([seen?.status(), seen?.headers()["content-type"]]).toEqual([200, "image/png"]);
  await expect(view.getByRole("img")).toBeVisible();
  const copy = (await seen?.body()) ?? Buffer.alloc(0);
  expect([copy.readUInt32BE(16), copy.readUInt32BE(20)]).toEqual([256, 256]);
  expect(copy.toString("latin1")).not.toMatch(/tEXt|iTXt|zTXt|eXIf|KSampler|a lamp/);

  await page.reload();
  await expect(link).toHaveValue(shownAt);
  await expectAccessible(page);

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
  await expect(link).toHaveValue(/\/s\//);
  expect(await link.inputValue()).not.toBe(shownAt);
  expect((await stranger.request.get(address)).status()).toBe(404);
  await stranger.close();
});
