import { readFile } from "node:fs/promises";
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "./fixtures.ts";

const seriousOf = async (page: Page) =>
  (await new AxeBuilder({ page }).analyze()).violations.filter(({ impact }) => /serious|critical/.test(impact ?? ""));

test("a visitor sees what they sent, removes a part of it, and then everything", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("button", { name: "Generate" })).toBeVisible();
  const headers = { origin: new URL(page.url()).origin };
  const inputs = { prompt: "a pond to begin with", count: 2, width: 256, height: 256, steps: 4 };
  const submitted = await page.request.post("/api/trpc/job.submit", {
    data: { workflow: "text-to-image", inputs },
    headers,
  });
  await page.goto(`/jobs/${(await submitted.json()).result.data.jobId}`);
  await expect(page.getByText(/generated in/)).toBeVisible();
  const outputs = page.getByRole("list", { name: "Outputs" });
  const href = await outputs
    .getByRole("link", { name: /^Download/ })
    .first()
    .getAttribute("href");
  const picture = await (await page.request.get(href ?? "")).body();

  await outputs
    .getByRole("button", { name: /^Remove:/ })
    .first()
    .click();
  const question = page.getByRole("dialog", { name: "Remove this file for good?" });
  await question.getByRole("button", { name: "Remove" }).click();
  // Of one picture the page is a print.
  await expect(outputs).toHaveCount(0);
  await expect(page.getByRole("img", { name: "a pond to begin with" })).toBeVisible();

  for (const name of ["one", "another"]) {
    const multipart = { file: { name: `${name}.png`, mimeType: "image/png", buffer: picture } };
    expect((await page.request.post("/api/uploads", { multipart, headers })).status()).toBe(200);
  }
  const samples = new URL("../packages/workflow-files/src/testing/samples/", import.meta.url);
  const film = {
    name: "film.webm",
    mimeType: "video/webm",
    buffer: await readFile(new URL("webm-vp9.0364.webm", samples)),
  };
  expect((await page.request.post("/api/uploads", { multipart: { file: film }, headers })).status()).toBe(200);
  await page.getByRole("group").getByText("Guest", { exact: true }).click();
  await page.getByRole("link", { name: "Your account and uploads" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Your account" })).toBeVisible();
  const uploads = page.getByRole("list", { name: "Uploads" }).getByRole("listitem");
  await expect(uploads).toHaveCount(3);
  // How long a film is, the browser says: no server of ours decodes it.
  await expect(uploads.first().getByText(/^WEBM, \d+(\.\d)? s, \d/)).toBeVisible();
  await expect(uploads.first().getByText(/^Until \w+ \d+, 20\d\d$/)).toBeVisible();
  expect(await seriousOf(page)).toEqual([]);
  await uploads
    .first()
    .getByRole("button", { name: /^Remove:/ })
    .click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(uploads).toHaveCount(2);

  await page.getByRole("button", { name: "Remove everything" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Keep it" }).click();
  await expect(uploads).toHaveCount(2);
  await page.getByRole("button", { name: "Remove everything" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove everything" }).click();
  await expect(page.getByRole("button", { name: "Generate" })).toBeVisible();
  await page.goto("/account");
  await expect(page.getByText("Nothing uploaded")).toBeVisible();
  await page.goto("/history");
  await expect(page.getByText("Your pictures will hang here")).toBeVisible();
});
