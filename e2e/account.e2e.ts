import { readFile } from "node:fs/promises";
import AxeBuilder from "@axe-core/playwright";
import { totpOf } from "../packages/auth/src/testing/totp.ts";
import { expect, type Page, test } from "./fixtures.ts";
import { movesOf, watchMoves } from "./moves.ts";

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

test.describe("an account", () => {
  // The browser logs every refusal as an error.
  test.use({ expectedConsoleErrors: [/status of 400/] });

  test("makes a key that a program uses, sees where it is signed in, and ends what it does not want", async ({
    page,
    browser,
    baseURL,
  }) => {
    const email = `${crypto.randomUUID()}@example.com`;
    await page.goto("/sign-in");
    await page.getByRole("button", { name: "Create an account" }).click();
    await page.getByRole("main").getByLabel("Your name here").fill("Ada");
    await page.getByLabel("E-mail address").fill(email);
    await page.getByLabel("Password").fill("correct horse");
    await page.getByRole("button", { name: "Create the account" }).click();
    await expect(page.getByRole("button", { name: "Generate" })).toBeVisible();
    await page.goto("/account");
    await expect(page.getByText("You are signed in as Ada.")).toBeVisible();
    await expect(page.getByText("Submits in the last minute")).toBeVisible();

    await page.getByLabel("What is it for?").fill("My script");
    await page.getByLabel("Submit").uncheck();
    await page.getByRole("button", { name: "Make a key" }).click();
    const made = page.getByRole("status").filter({ hasText: "it is shown this once" });
    const key = (await made.getByRole("code").textContent()) ?? "";
    const ask = async (path: string, data?: object) => {
      const options = { headers: { authorization: `Bearer ${key}` }, ...(data && { data }) };
      const answer = await (data ? page.request.post(path, options) : page.request.get(path, options));
      return answer.status();
    };
    expect(await ask("/api/trpc/job.list")).toBe(200);
    expect(await ask("/api/trpc/job.submit", { workflow: "test-card", inputs: {} })).toBe(403);
    await made.getByRole("button", { name: "Done" }).click();
    const keys = page.getByRole("list", { name: "API keys" }).getByRole("listitem");
    await watchMoves(page);
    await page.reload();
    await expect(keys).toHaveText(/My script.*Read, made .*, used /);
    await expect(page.getByRole("list", { name: "Devices" }).getByRole("listitem")).toHaveCount(1);
    await expect(page.getByRole("button", { name: "Add a webhook" })).toBeVisible();
    // Every panel has its place before it is there.
    expect(await movesOf(page)).toBeLessThan(0.005);
    expect(await seriousOf(page)).toEqual([]);
    await keys.getByRole("button", { name: "Remove: My script" }).click();
    await page.getByRole("dialog", { name: "Revoke My script?" }).getByRole("button", { name: "Revoke" }).click();
    await expect(keys).toHaveCount(0);
    expect(await ask("/api/trpc/job.list")).toBe(401);

    await page.getByLabel("Address", { exact: true }).fill("https://example.com/hook");
    await page.getByRole("button", { name: "Add a webhook" }).click();
    const shown = page.getByRole("status").filter({ hasText: "Its secret is made." });
    await expect(shown.getByRole("code")).toHaveText(/^whsec_/);
    await shown.getByRole("button", { name: "Done" }).click();
    const hooks = page.getByRole("list", { name: "Webhooks" }).getByRole("listitem");
    await expect(hooks).toHaveText(/example\.com\/hookjob\.succeeded, job\.failed, job\.canceled, made/);
    await hooks.getByRole("button", { name: "Switch off" }).click();
    await expect(hooks).toContainText("Switched off");
    await hooks.getByRole("button", { name: "Log" }).click();
    await expect(hooks.getByText("Nothing was sent yet.")).toBeVisible();
    expect(await seriousOf(page)).toEqual([]);
    // One that another tab makes and removes comes and goes here too, with no error in the console though its log is read meanwhile.
    const elsewhereIn = async (procedure: string, data: Record<string, unknown>) => {
      const headers = { origin: new URL(page.url()).origin };
      return (await (await page.request.post(`/api/trpc/webhook.${procedure}`, { data, headers })).json()).result.data;
    };
    const { webhookId } = await elsewhereIn("create", { url: "https://example.com/other" });
    const second = hooks.filter({ hasText: "example.com/other" });
    await second.getByRole("button", { name: "Log" }).click();
    await expect(second.getByText("Nothing was sent yet.")).toBeVisible();
    await elsewhereIn("remove", { webhookId });
    await expect(second).toHaveCount(0);

    await hooks.getByRole("button", { name: /^Remove:/ }).click();
    await page.getByRole("dialog", { name: "Remove this webhook?" }).getByRole("button", { name: "Remove" }).click();
    await expect(hooks).toHaveCount(0);

    const elsewhere = await browser.newContext({ ...(baseURL === undefined ? {} : { baseURL }) });
    const other = await elsewhere.newPage();
    const signIn = async (password: string) => {
      await other.goto("/sign-in");
      await other.getByLabel("E-mail address").fill(email);
      await other.getByLabel("Password").fill(password);
      await other.getByRole("button", { name: "Sign in" }).click();
      await expect(other.getByRole("button", { name: "Generate" })).toBeVisible();
    };
    const isAda = async () =>
      (await (await elsewhere.request.get("/api/trpc/session.me")).json()).result.data.displayName;
    await signIn("correct horse");
    await page.reload();
    const devices = page.getByRole("list", { name: "Devices" }).getByRole("listitem");
    await expect(devices).toHaveCount(2);
    await expect(devices.first()).toContainText("this browser");
    expect(await isAda()).toBe("Ada");
    await devices
      .last()
      .getByRole("button", { name: /^Sign out/ })
      .click();
    await expect(devices).toHaveCount(1);
    expect(await isAda()).toBe(null);

    await signIn("correct horse");
    await page.getByRole("button", { name: "Change the password" }).click();
    await page.getByLabel("The password you have").fill("wrong horse");
    await page.getByLabel("A new one").fill("battery staple");
    await page.getByRole("button", { name: "Change it" }).click();
    await expect(page.getByText("The password you have now is another one.")).toBeVisible();
    await page.getByLabel("The password you have").fill("correct horse");
    await page.getByRole("button", { name: "Change it" }).click();
    await expect(page.getByLabel("A new one")).toHaveCount(0);
    expect(await isAda()).toBe(null);
    await signIn("battery staple");
    expect(await isAda()).toBe("Ada");

    await page.getByRole("button", { name: "Add a second factor" }).click();
    await page.getByLabel("Your password").fill("battery staple");
    await page.getByRole("button", { name: "Go on" }).click();
    await expect(page.getByRole("img", { name: "The code to scan with an authenticator" })).toBeVisible();
    const secret =
      (await page
        .getByRole("code")
        .filter({ hasText: /^[A-Z2-7]{32,}$/ })
        .textContent()) ?? "";
    const written = await page
      .getByRole("list", { name: "Codes to write down" })
      .getByRole("listitem")
      .first()
      .textContent();
    await page.getByLabel("The code it shows").fill(totpOf(secret));
    await page.getByRole("button", { name: "Turn it on" }).click();
    await expect(page.getByText("A second factor is on.")).toBeVisible();
    await other.goto("/account");
    await other.getByRole("group").getByText("Ada", { exact: true }).click();
    await other.getByRole("button", { name: "Sign out", exact: true }).click();
    await expect(other.getByRole("button", { name: "Generate" })).toBeVisible();
    await other.goto("/sign-in");
    await other.getByLabel("E-mail address").fill(email);
    await other.getByLabel("Password").fill("battery staple");
    await other.getByRole("button", { name: "Sign in" }).click();
    await other.getByLabel("Code").fill(written ?? "");
    expect(await isAda()).toBe(null);
    await other.getByRole("button", { name: "Sign in" }).click();
    await expect(other.getByRole("button", { name: "Generate" })).toBeVisible();
    expect(await isAda()).toBe("Ada");
    await elsewhere.close();
  });
});
