import { expect, test } from "./fixtures.ts";

test("the studio loads with its title and without a console error", async ({ page }) => {
  const response = await page.goto("/");
  expect(response?.status()).toBe(200);
  await expect(page).toHaveTitle(/Darkroom/);
  await expect(page.getByRole("button", { name: "Generate" })).toBeVisible();
});

test("the product says that it is ready", async ({ request }) => {
  const response = await request.get("/api/ready");
  expect(response.status()).toBe(200);
});
