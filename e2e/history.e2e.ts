import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "./fixtures.ts";
import { cardOf, generate } from "./generate.ts";

/** Asserts that axe finds nothing serious in what the page shows now. */
async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" · ")}`)).toEqual([]);
}

test("one finds pictures again, marks the best, looks at them large, and lets the others go", async ({
  page,
  context,
}) => {
  const [fox, owl, kite] = ["a fox to find", "an owl to find", "a kite to lose"];
  const tile = (of: Page, prompt: string) => of.getByRole("listitem").getByRole("article", { name: prompt });
  await page.goto("/");
  for (const prompt of [fox, owl, kite]) await generate(page, prompt, { size: 256 });
  for (const prompt of [fox, owl, kite])
    await expect(cardOf(page, prompt).getByText(/Image generated in/)).toBeVisible();

  await test.step("a favorite is one in every tab, at once", async () => {
    const other = await context.newPage();
    await other.goto("/history?favorite=true");
    await expect(other.getByText("Nothing fits")).toBeVisible();
    await page.goto("/history");
    const heart = tile(page, fox).getByRole("button", { name: "Favorite" });
    await heart.click();
    await expect(heart).toHaveAttribute("aria-pressed", "true");
    await expect(tile(other, fox)).toBeVisible();
    await heart.click();
    await expect(other.getByText("Nothing fits")).toBeVisible();
    await heart.click();
    await expect(tile(other, fox)).toBeVisible();
    await other.close();
  });

  const lightbox = page.getByRole("dialog", { name: "Picture" });
  await test.step("pictures are looked at one after the other, by keyboard", async () => {
    // Requests that were sent close together may arrive in another order.
    const names = await page.getByRole("article").evaluateAll((tiles) => tiles.map(({ ariaLabel }) => ariaLabel ?? ""));
    expect(names.toSorted()).toEqual([fox, kite, owl]);
    const [first = "", second = "", third = ""] = names;
    const enlarge = tile(page, first).getByRole("button", { name: /^Enlarge/ });
    await enlarge.click();
    const details = lightbox.getByRole("complementary", { name: "Details" });
    await expect(details).toContainText(first);
    for (const [key, prompt] of [
      ["ArrowRight", second],
      ["ArrowRight", third],
      ["ArrowLeft", second],
    ] as const) {
      await page.keyboard.press(key);
      await expect(details).toContainText(prompt);
    }
    const heart = lightbox.getByRole("button", { name: "Favorite" });
    const was = await heart.getAttribute("aria-pressed");
    await page.keyboard.press("f");
    await expect(heart).not.toHaveAttribute("aria-pressed", was ?? "");
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await expect(lightbox).toHaveCount(0);
    await expect(enlarge).toBeFocused();
  });

  await test.step("what is looked for is in the address, and back brings it back", async () => {
    await page.getByRole("searchbox", { name: "Search" }).fill("an OWL");
    await expect(page.getByRole("article")).toHaveCount(1);
    await expect(page).toHaveURL(/[?&]q=an\+OWL/);
    await tile(page, owl).getByRole("link", { name: owl }).click();
    await expect(page.getByRole("heading", { level: 1, name: owl })).toBeVisible();
    await page.goBack();
    await expect(page.getByRole("searchbox", { name: "Search" })).toHaveValue("an OWL");
    await expect(page.getByRole("article")).toHaveCount(1);
    await page.getByRole("searchbox", { name: "Search" }).fill("no such word");
    await expect(page.getByText("Nothing fits")).toBeVisible();
    await page.getByRole("button", { name: "Show everything" }).last().press("Enter");
    await expect(page.getByRole("article")).toHaveCount(3);
    await expect(page.getByRole("searchbox", { name: "Search" })).toBeFocused();
  });

  const bar = page.getByRole("region", { name: "Selected jobs" });
  await test.step("two are compared and downloaded together", async () => {
    await page.getByRole("button", { name: "Select" }).click();
    await page.getByRole("checkbox", { name: `Select: ${owl}` }).click();
    await page.getByRole("checkbox", { name: `Select: ${kite}` }).click();
    await expect(bar.getByText("2 selected")).toBeVisible();
    await expectAccessible(page);
    await bar.getByRole("button", { name: "Compare" }).click();
    const compare = page.getByRole("dialog", { name: "Compare two pictures" });
    await compare.getByRole("slider").press("ArrowRight");
    await expectAccessible(page);
    await page.keyboard.press("m");
    await expect(compare.getByRole("button", { name: "Side by side" })).toHaveAttribute("aria-pressed", "true");
    await expect(compare.getByRole("button", { name: "Side by side" })).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(compare).toHaveCount(0);
    const saved = page.waitForEvent("download");
    await bar.getByRole("link", { name: "Download" }).click();
    expect((await saved).suggestedFilename()).toMatch(/^darkroom-[\d-]{10}\.zip$/);
  });

  await test.step("what is deleted comes back by Undo, and is gone for good without", async () => {
    await bar.getByRole("button", { name: "Delete 2" }).press("Enter");
    await expect(page.getByRole("article")).toHaveCount(1);
    await expect(page.getByRole("button", { name: "Select" })).toBeFocused();
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(page.getByRole("article")).toHaveCount(3);
    await page.getByRole("button", { name: "Select" }).click();
    await page.getByRole("checkbox", { name: `Select: ${kite}` }).click();
    await bar.getByRole("button", { name: "Delete 1" }).click();
    await expect(page.getByText("1 job deleted.")).toBeVisible();
    // Whoever leaves before the toast has gone has meant it, too.
    await page.goto("/history?view=rows");
    await expect(page.getByRole("link", { name: owl })).toBeVisible();
    await expect(page.getByRole("link", { name: kite })).toHaveCount(0);
  });

  await test.step("a seed is used again", async () => {
    await page.goto("/");
    await cardOf(page, fox)
      .getByRole("button", { name: /^Enlarge/ })
      .click();
    const seed = await lightbox.getByRole("button", { name: /^Copy \d+$/ }).textContent();
    await lightbox.getByRole("link", { name: "Use this seed" }).click();
    await expect(lightbox).toHaveCount(0);
    await expect(page.getByRole("spinbutton", { name: "Seed" })).toHaveValue((seed ?? "").replace(/\D/g, ""));
  });
});
