import { expect, test } from "./fixtures.ts";
import { expectAccessible, openPicture } from "./picture-page.ts";

// A page that is not there any more is answered with 404, which the browser logs.
test.use({ expectedConsoleErrors: [/status of 404/] });
// The admin link works once, so a product of its own.
test.use({ productFor: "gallery" });

test("a picture is published with what its owner tells, reported by a stranger and taken down by an operator", async ({
  page,
  browser,
  baseURL,
  product,
}) => {
  const prompt = "a bridge for everybody";
  await openPicture(page, prompt);
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const shared = page.getByRole("region", { name: "Shared" });
  const address = await shared.getByRole("textbox", { name: "Link to share" }).inputValue();
  const token = address.split("/").at(-1) ?? "";

  // Without the page's scripts: what other sites and slow phones get.
  const stranger = await browser.newContext({ javaScriptEnabled: false });
  const bare = await stranger.newPage();
  expect((await bare.goto(address))?.status()).toBe(200);
  const headOf = (name: string) =>
    bare.locator(`meta[property="${name}"], meta[name="${name}"]`).getAttribute("content");
  expect(await bare.getByRole("main").textContent()).not.toContain(prompt);
  expect([await headOf("og:title"), await headOf("robots")]).toEqual(["A picture", "noindex"]);
  const preview = (await headOf("og:image")) ?? "";
  expect(preview).toMatch(new RegExp(`^${baseURL}/api/shares/${token}`));
  expect((await stranger.request.get(preview)).headers()["content-type"]).toBe("image/jpeg");

  await shared.getByRole("checkbox", { name: "What you wrote" }).check();
  await shared.getByRole("checkbox", { name: "Show it in the gallery" }).check();
  await expect(shared.getByRole("checkbox", { name: "Show it in the gallery" })).toBeChecked();
  await expect(shared.getByRole("checkbox", { name: "What you wrote" })).toBeChecked();
  await expect
    .poll(async () => (await bare.goto("/gallery")) && bare.getByRole("main").textContent())
    .toContain(prompt);
  await bare.getByRole("link", { name: prompt }).click();
  await expect(bare).toHaveURL(address);
  await expect(bare.getByRole("heading", { level: 1 })).toHaveText(prompt);
  expect([await headOf("og:title"), await headOf("robots")]).toEqual([prompt, "index"]);
  await stranger.close();

  const visitor = await (await browser.newContext()).newPage();
  await visitor.goto(`${baseURL}/gallery`);
  await expectAccessible(visitor);
  await visitor.getByRole("link", { name: prompt }).click();
  await expectAccessible(visitor);
  await visitor.getByRole("button", { name: "Report" }).click();
  await visitor.getByRole("radio", { name: /copies/ }).check();
  await visitor.getByRole("button", { name: "Send the report" }).click();
  await expect(visitor.getByText(/Thank you/)).toBeVisible();

  const operator = await (await browser.newContext()).newPage();
  await operator.goto(product.adminLink ?? "");
  await operator.getByRole("button", { name: "Become the admin" }).click();
  await operator.waitForURL(/\/ops$/);
  // Who looks at a job sees who else does, within five seconds.
  await operator.goto(page.url());
  await expect(page.getByText("An operator is looking at this too")).toBeVisible({ timeout: 5000 });
  await expect(operator.getByText("Its owner is looking at this too")).toBeVisible({ timeout: 5000 });
  await operator.goto("/ops");
  await expect(page.getByText("An operator is looking at this too")).toBeHidden({ timeout: 5000 });
  const reported = operator.getByRole("region", { name: "Shared pictures" }).getByRole("listitem").first();
  await expect(reported.getByText("1 report")).toBeVisible();
  await reported.getByRole("textbox").fill("It is a bridge of somebody else.");
  await reported.getByRole("button", { name: "Take it down" }).click();
  await expect(reported.getByText(/^Taken down/)).toBeVisible();

  expect((await visitor.goto(address))?.status()).toBe(404);
  expect((await visitor.request.get(`${baseURL}/api/shares/${token}`)).status()).toBe(404);
  await visitor.goto(`${baseURL}/gallery`);
  await expect(visitor.getByRole("link", { name: prompt })).toHaveCount(0);
  await page.reload();
  await expect(page.getByText("It is a bridge of somebody else.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Share", exact: true })).toHaveCount(0);

  await operator.getByRole("button", { name: "Close: Gallery" }).click();
  await expect
    .poll(async () => (await visitor.goto(`${baseURL}/gallery`)) && visitor.getByRole("main").textContent())
    .toContain("The gallery is closed");
  await operator.getByRole("button", { name: "Open it: Gallery" }).click();
  await visitor.context().close();
  await operator.context().close();
});
