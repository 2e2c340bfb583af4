import { expect, test } from "./fixtures.ts";

// A browser of tests keeps nothing, and Chromium says of such a one that it takes no pushes.
test.use({ serviceWorkers: "allow", expectedConsoleErrors: [/Push API in incognito mode/] });

test("what is pushed while no page is looked at is shown, in the words that came, and leads to its job", async ({
  page,
  context,
  address,
}) => {
  const began = context.waitForEvent("serviceworker");
  await page.goto("/account");
  const worker = await began;
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  const browser = await context.newCDPSession(page);
  const registered = new Promise<string>((resolve) => {
    browser.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      const own = registrations.find(({ scopeURL, isDeleted }) => scopeURL.startsWith(address) && !isDeleted);
      if (own !== undefined) resolve(own.registrationId);
    });
  });
  await browser.send("ServiceWorker.enable");
  const registrationId = await registered;
  const push = (tag: string) => {
    const note = { title: "Your picture is ready", body: "a lighthouse at dusk", url: "/jobs/1", tag };
    return browser.send("ServiceWorker.deliverPushMessage", {
      origin: address,
      registrationId,
      data: JSON.stringify(note),
    });
  };
  // Without a screen Chromium has no notifications; all before that is its own.
  await worker.evaluate(() => {
    const scope = globalThis as unknown as { registration: ServiceWorkerRegistration; told: object[] };
    scope.told = [];
    scope.registration.showNotification = async (title, options) => void scope.told.push({ title, ...options });
  });
  const told = () => worker.evaluate(() => (globalThis as unknown as { told: object[] }).told);

  await push("before a page that is looked at");
  await page.goto("about:blank");
  await push("7");
  const shown = { title: "Your picture is ready", body: "a lighthouse at dusk", tag: "7", data: { url: "/jobs/1" } };
  await expect.poll(told).toEqual([expect.objectContaining(shown)]);
});

test("the account page switches what this browser tells on and off", async ({ page }) => {
  // Without a screen Chromium refuses whatever is granted.
  await page.addInitScript(() => {
    Object.defineProperty(Notification, "permission", { get: () => "granted" });
    Notification.requestPermission = async () => "granted";
  });
  await page.goto("/account");
  const section = page.getByRole("region", { name: "Notifications" });
  await expect(section.getByRole("button", { name: "Tell me here" })).toBeVisible();
  await section.getByRole("button", { name: "Tell me here" }).click();
  await expect(section.getByRole("button", { name: "Tell me no more here" })).toBeVisible();
  // Nor does it reach a push service here: it says what it can do.
  await expect(section.getByText(/while a page of Darkroom is open/)).toBeVisible();
  await page.reload();
  await section.getByRole("button", { name: "Tell me no more here" }).click();
  await expect(section.getByRole("button", { name: "Tell me here" })).toBeVisible();
});
