import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./fixtures.ts";

for (const colorScheme of ["dark", "light"] as const) {
  for (const path of ["/", "/history", "/gallery", "/ops"]) {
    test(`${path} has no serious accessibility fault in ${colorScheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).analyze();
      const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" · ")}`)).toEqual([]);
    });
  }
}

test("with reduced motion another theme is there at once, and nothing passes into it", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
  await page.goto("/history");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  const passing = await page.evaluate(() => {
    document.documentElement.dataset.theme = "light";
    return document.getAnimations().filter((one) => one instanceof CSSTransition).length;
  });
  expect(passing).toBe(0);
});

test("nothing is wider than a phone", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const path of ["/", "/history"]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  }
});

test("the narrowest phone, and a page enlarged to 200 %, show where the prompt is written", async ({ page }) => {
  for (const size of [
    { width: 320, height: 640 },
    { width: 680, height: 450 },
  ]) {
    await page.setViewportSize(size);
    await page.goto("/");
    const prompt = page.getByRole("textbox", { name: "Prompt", exact: true });
    await expect(prompt).toBeVisible();
    const top = (await prompt.boundingBox())?.y ?? Number.NaN;
    const bar = (await page.locator("form [data-bottom-bar]").boundingBox())?.y ?? Number.NaN;
    expect(bar - top).toBeGreaterThan(60);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(size.width);
  }
});

test("on the narrowest phone every filter of the history is in sight, and the header is one row and the pages", async ({
  page,
}) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto("/history");
  for (const name of ["All", "Open", "Succeeded", "Failed", "Canceled", "Favorites"])
    await expect(page.getByRole("button", { name, exact: true })).toBeInViewport({ ratio: 1 });
  const header = await page.getByRole("banner").boundingBox();
  expect(header?.height).toBeLessThan(110);
});

for (const colorScheme of ["dark", "light"] as const)
  test(`a dialog keeps the page still, and what lies beside the page is as dark, in ${colorScheme}`, async ({
    page,
  }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto("/");
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    // The gutter of a scroll bar shows the root's own colour; the dialog's backdrop does not reach it.
    const root = () =>
      page.evaluate(() => {
        const { backgroundColor, overflowY } = getComputedStyle(document.documentElement);
        const [red = 0] = backgroundColor.match(/[\d.]+/g)?.map(Number) ?? [];
        return { red: backgroundColor.startsWith("color(") ? 255 * red : red, overflowY };
      });
    const before = await root();
    // Nothing in sight says when the page listens to keys.
    await expect(async () => {
      await page.keyboard.press("?");
      await expect(page.getByRole("dialog")).toBeVisible({ timeout: 1000 });
    }).toPass();
    const under = await root();
    expect(under.overflowY).toBe("hidden");
    expect(Math.abs(under.red - 0.4 * before.red)).toBeLessThan(2);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    expect(await root()).toEqual(before);
  });

test("on a phone the workflows are one row with the chosen one in sight, and the prompt is in the upper half", async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/");
  const workflow = (name: string) => page.getByRole("radio", { name, exact: true });
  const prompt = page.getByRole("textbox", { name: "Prompt", exact: true });
  await workflow("Test card").check({ force: true });
  await expect(prompt).toHaveCount(0);
  await page.reload();
  await expect(workflow("Test card")).toBeInViewport({ ratio: 1 });
  const [first, last] = await Promise.all(["Text to image", "Test card"].map((name) => workflow(name).boundingBox()));
  expect(last?.y).toBe(first?.y);
  await workflow("Text to image").check({ force: true });
  await expect.poll(async () => (await prompt.boundingBox())?.y ?? Number.NaN).toBeLessThan(422);
});

test("at 1360 × 900 nobody scrolls within the form to see all of what it asks for first", async ({ page }) => {
  await page.setViewportSize({ width: 1360, height: 900 });
  await page.goto("/");
  const more = page.getByText("More settings");
  await expect(more).toBeVisible();
  expect(
    await more.evaluate((element) => {
      const scrolled = element.closest("form")?.firstElementChild;
      return scrolled ? scrolled.scrollHeight - scrolled.clientHeight : Number.NaN;
    }),
  ).toBe(0);
});
