import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./fixtures.ts";
import { cardOf, generate } from "./generate.ts";

test("keys lead anywhere, use an open picture, are listed, and are switched off", async ({ page }) => {
  const fox = "a fox by keyboard";
  await page.goto("/");
  await generate(page, fox, { size: 64 });
  await expect(cardOf(page, fox).getByText(/Image generated in/)).toBeVisible();
  const enlarge = cardOf(page, fox).getByRole("button", { name: /^Enlarge/ });
  const lightbox = page.getByRole("dialog", { name: "Picture" });
  const details = lightbox.getByRole("complementary", { name: "Details" });

  await test.step("a picture is varied where it is looked at, and its prompt used", async () => {
    await enlarge.click();
    await lightbox.getByRole("button", { name: "Vary" }).click();
    await expect(page.getByText("The new one is in the queue.")).toBeVisible();
    await page.keyboard.press("p");
    await expect(lightbox).toHaveCount(0);
    await expect(page.getByRole("textbox", { name: "Prompt", exact: true })).toHaveValue(fox);
    await expect(page.getByRole("article", { name: fox })).toHaveCount(2);
  });

  await test.step("its size alone is used, or all but its seed", async () => {
    const field = (name: string) => page.getByRole("spinbutton", { name, exact: true });
    await page.goto("/");
    await enlarge.first().click();
    await expect(details).toBeVisible();
    await page.keyboard.press("s");
    await expect(field("Seed")).not.toHaveValue("");
    await enlarge.first().click();
    await expect(details).toBeVisible();
    await page.keyboard.press("r");
    await expect(field("Seed")).toHaveValue("");
    await expect(page.getByRole("textbox", { name: "Prompt", exact: true })).toHaveValue(fox);
    await field("Width").fill("256");
    await enlarge.first().click();
    await expect(details).toBeVisible();
    await page.keyboard.press("d");
    await expect(field("Width")).toHaveValue("64");
  });

  await test.step("from anywhere one goes where one names", async () => {
    await page.goto("/account");
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    const field = page.getByRole("combobox", { name: /^Go to/ });
    await expect(async () => {
      await page.keyboard.press("Control+k");
      await expect(field).toBeVisible({ timeout: 1000 });
    }).toPass();
    await field.fill("stud");
    await expect(page.getByRole("option")).toHaveText(["Studio", "Search the history for “stud”"]);
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/$/);
  });

  await test.step("single keys are listed and switched off, and the list is still to be had", async () => {
    const keys = page.getByRole("dialog", { name: "Keys" });
    await page.keyboard.press("?");
    await expect(keys).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).include("dialog[open]").analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
    await keys.getByRole("checkbox").uncheck();
    await page.keyboard.press("Escape");
    await expect(keys).toHaveCount(0);
    await enlarge.first().click();
    await expect(details).toBeVisible();
    await page.keyboard.press("p");
    await page.keyboard.press("i");
    await page.keyboard.press("?");
    await expect(details).toBeVisible();
    await expect(keys).toHaveCount(0);
    await page.keyboard.press("Escape");
    await page.getByText("Guest", { exact: true }).click();
    await page.getByRole("button", { name: "Keys", exact: true }).click();
    await keys.getByRole("checkbox").check();
    await keys.getByRole("button", { name: "Close" }).click();
    await expect(keys).toHaveCount(0);
  });
});
