import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./fixtures.ts";
import { cardOf, generate } from "./generate.ts";

test("a picture is removed after a question, from its page and from the history, in every tab", async ({
  page,
  context,
}) => {
  await page.goto("/");
  for (const prompt of ["a lamp to let go", "a chair to let go"]) {
    await generate(page, prompt, { size: 256 });
    await expect(cardOf(page, prompt).getByText(/Image generated in/)).toBeVisible();
  }
  const other = await context.newPage();
  await other.goto("/history?view=rows");
  await expect(other.getByRole("link", { name: "a lamp to let go" })).toBeVisible();

  await cardOf(page, "a lamp to let go").getByRole("link", { name: "a lamp to let go" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "a lamp to let go" })).toBeVisible();
  const question = page.getByRole("dialog", { name: "Remove this for good?" });
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);
  await page.keyboard.press("Escape");
  await expect(question).toHaveCount(0);
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  await question.getByRole("button", { name: "Remove" }).click();
  await expect(page.getByText("This picture was removed")).toBeVisible();
  await expect(other.getByRole("link", { name: "a lamp to let go" })).toHaveCount(0);

  await other.getByRole("button", { name: "Remove: a chair to let go" }).click();
  await other.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(other.getByText("Your pictures will hang here")).toBeVisible();
  await other.reload();
  await expect(other.getByText("Your pictures will hang here")).toBeVisible();
});
