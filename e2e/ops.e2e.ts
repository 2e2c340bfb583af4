import { readFile } from "node:fs/promises";
import AxeBuilder from "@axe-core/playwright";
import * as write from "@darkroom/workflow-files/testing";
import type { Route } from "@playwright/test";
import { choosingGraph } from "./choosing-graph.ts";
import { expect, type Page, test } from "./fixtures.ts";
import { cardOf, generate, setSteps } from "./generate.ts";
import { publishMedia } from "./media-workflow.ts";
import { movesOf, watchMoves } from "./moves.ts";

// What follows needs the operator whom the first test made.
test.describe.configure({ mode: "serial" });

/** The first test's cookies: the admin link works once. */
let admin: Awaited<ReturnType<ReturnType<Page["context"]>["storageState"]>>;

test("the admin link makes an operator, who sees everyone's jobs, the backends and the queue", async ({
  page,
  browser,
  baseURL,
  product,
  whileModelIsGone,
}) => {
  const visitor = await browser.newContext({ baseURL });
  const studio = await visitor.newPage();
  await studio.goto("/");
  await generate(studio, "a picture of somebody else");
  await expect(cardOf(studio, "a picture of somebody else").getByText(/Image generated in/)).toBeVisible();

  await page.goto("/ops");
  await expect(page.getByRole("heading", { name: "For operators" })).toBeVisible();
  await expect(page.getByText("a picture of somebody else")).toHaveCount(0);

  // The page hears who it was before the claim only after it, as on a slow line.
  const claimed = page.waitForResponse("**/api/admin/claim");
  const sayLate = async (route: Route) => {
    const before = await route.fetch();
    await claimed;
    await route.fulfill({ response: before }).catch(() => undefined);
  };
  await page.route(/session\.me/, sayLate, { times: 1 });
  await page.goto(product.adminLink ?? "");
  await page.getByRole("button", { name: "Become the admin" }).click();
  await expect(page.getByRole("heading", { name: "Operations" })).toBeVisible();
  admin = await page.context().storageState();
  await expect(page.getByRole("link", { name: /a picture of somebody else/ }).first()).toBeVisible();
  await expect(page.getByText(/^Simulator [\d.]+$/)).toBeVisible();

  await page.getByRole("button", { name: "Pause the queue" }).click();
  await expect(page.getByRole("button", { name: "Resume the queue" })).toBeVisible();
  await generate(studio, "made while it is paused");
  await expect(cardOf(studio, "made while it is paused").getByText("The queue is paused.")).toBeVisible();
  await page.getByRole("button", { name: "Resume the queue" }).click();
  await expect(cardOf(studio, "made while it is paused").getByText(/Image generated in/)).toBeVisible({
    timeout: 15_000,
  });

  // Sooner than anybody would ask for it again, who asks every half minute.
  const soon = { timeout: 5000 };
  await page.getByLabel("What everyone should read").fill("We restart at noon.");
  await page.getByRole("button", { name: "Tell everyone" }).click();
  await expect(studio.getByText("We restart at noon.")).toBeVisible(soon);
  await page.getByRole("button", { name: "Take it back" }).click();
  await expect(studio.getByText("We restart at noon.")).toHaveCount(0, soon);

  await whileModelIsGone(async () => {
    await generate(studio, "failed at first");
    await expect(cardOf(studio, "failed at first").getByText(/^Failed/)).toBeVisible();
  });
  const letter = page
    .getByRole("region", { name: "Dead letters" })
    .getByRole("listitem")
    .filter({ hasText: "failed at first" });
  await letter.getByRole("button", { name: "Redrive" }).click();
  await expect(letter).toHaveCount(0);
  await expect(cardOf(studio, "failed at first").getByText(/Image generated in/)).toBeVisible({ timeout: 15_000 });
  await visitor.close();
});

test("Ctrl+Shift+Enter puts an operator's job before all that waits, and a visitor's in its turn", async ({
  browser,
  baseURL,
}) => {
  for (const [storageState, priority] of [[admin, "high"] as const, [undefined, "normal"] as const]) {
    const context = await browser.newContext({ baseURL, ...(storageState === undefined ? {} : { storageState }) });
    const page = await context.newPage();
    await page.goto("/");
    await page.getByRole("textbox", { name: "Prompt", exact: true }).fill(`of priority ${priority}`);
    await page.getByRole("spinbutton", { name: "Width" }).fill("64");
    await page.getByRole("spinbutton", { name: "Height" }).fill("64");
    await setSteps(page, 1);
    await page.keyboard.press("Control+Shift+Enter");
    await expect(cardOf(page, `of priority ${priority}`).getByText(/Image generated in/)).toBeVisible();
    const { items } = await (await context.request.get("/api/v1/jobs?limit=1")).json();
    expect(items).toMatchObject([{ inputs: { prompt: `of priority ${priority}` }, priority }]);
    await context.close();
  }
});

test("the monitor shows the whole system, live", async ({ browser, baseURL }) => {
  const operator = await browser.newContext({ baseURL, storageState: admin });
  const page = await operator.newPage();
  await page.goto("/ops/monitor");
  await expect(page.getByRole("img", { name: /^Ended jobs: succeeded/ })).toBeVisible();
  const rowsOf = (region: string) => page.getByRole("region", { name: region }).getByRole("row");
  await expect(rowsOf("Processes").filter({ hasText: /^(Web|Worker)/ })).toHaveCount(2);
  await expect(rowsOf("Background tasks").filter({ hasText: "maintenance" })).toBeVisible();
  // Told over the socket, each second.
  const time = page.getByRole("main").locator("time").first();
  const before = await time.textContent();
  await expect(time).not.toHaveText(before ?? "");
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);

  // Chromium names this language where the system has none, and the library of the charts does not load with it.
  await page.addInitScript(() => Object.defineProperty(navigator, "language", { get: () => "en-US@posix" }));
  await page.reload();
  await expect(page.getByRole("figure", { name: "Ended jobs" })).toContainText(/succeeded \d/);
  await expect(rowsOf("Processes").filter({ hasText: /^(Web|Worker)/ })).toHaveCount(2);
  await operator.close();
});

/** What ComfyUI exports for a graph of core nodes, with a file name that is installed nowhere. */
const exported = {
  "3": {
    class_type: "KSampler",
    inputs: {
      ...{ seed: 156_680_208_700_286, steps: 4, cfg: 8, sampler_name: "euler", scheduler: "normal", denoise: 1 },
      ...{ model: ["4", 0], positive: ["6", 0], negative: ["7", 0], latent_image: ["5", 0] },
    },
  },
  "4": { class_type: "CheckpointLoaderSimple", inputs: { ckpt_name: "juggernautXL.safetensors" } },
  "5": { class_type: "EmptyLatentImage", inputs: { width: 512, height: 512, batch_size: 1 } },
  "6": { class_type: "CLIPTextEncode", inputs: { text: "a glass bottle", clip: ["4", 1] } },
  "7": { class_type: "CLIPTextEncode", inputs: { text: "watermark", clip: ["4", 1] } },
  "8": { class_type: "VAEDecode", inputs: { samples: ["3", 0], vae: ["4", 2] } },
  "9": { class_type: "SaveImage", inputs: { images: ["8", 0], filename_prefix: "ComfyUI" } },
};

test("an operator makes a picture on the operators' page, by its words alone or with the whole form", async ({
  browser,
  baseURL,
}) => {
  const context = await browser.newContext({ baseURL, storageState: admin });
  const page = await context.newPage();
  await page.goto("/ops");
  const form = page.getByRole("form", { name: "New picture" });
  const make = async (prompt: string) => {
    await form.getByRole("textbox", { name: "Prompt", exact: true }).fill(prompt);
    await form.getByRole("button", { name: "Generate" }).click();
    await expect(cardOf(page, prompt).getByText(/Image generated in/)).toBeVisible();
  };
  await page.getByRole("button", { name: "Quick form" }).click();
  await make("a lamp, quickly");
  await expect(form.getByLabel("Steps")).toHaveCount(0);
  await page.getByRole("button", { name: "Full form" }).click();
  await expect(form.getByLabel("Steps")).not.toHaveCount(0);
  await make("a lamp, at length");
  await expect(cardOf(page, "a lamp, quickly")).toBeVisible();
  await context.close();
});

test("an operator has the simulator fail from its card, and mends it there", async ({ browser, baseURL }) => {
  const context = await browser.newContext({ baseURL, storageState: admin });
  const page = await context.newPage();
  await page.goto("/ops");
  await page.getByText("Faults on demand").click();
  const now = page.getByRole("listitem").filter({ hasText: "Faults on demand" }).getByRole("status");
  const strike = async (kind: string): Promise<void> => {
    await page.getByLabel("What goes wrong").selectOption(kind);
    await page.getByRole("button", { name: "Let it go wrong" }).click();
    await expect(now).toHaveText(`${kind} · struck 0 times`);
  };
  await page.getByLabel("What goes wrong").selectOption("Its memory is used up");
  // Once would be tried again.
  await page.getByLabel("times").fill("2");
  await strike("Its memory is used up");
  const studio = await context.newPage();
  await studio.goto("/");
  await generate(studio, "too large for it");
  await expect(cardOf(studio, "too large for it").getByText(/^Failed/)).toBeVisible();
  // It struck that often, and went by itself.
  await expect(now).toHaveText("Nothing goes wrong now.");

  await strike("It begins nothing");
  await page.getByRole("button", { name: "Mend all" }).click();
  await expect(now).toHaveText("Nothing goes wrong now.");

  await page.getByLabel("What goes wrong").selectOption("It answers late");
  await page.getByLabel("path").fill("view");
  await page.getByRole("button", { name: "Let it go wrong" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "faults.0.path must match" })).toBeVisible();
  await context.close();
});

test("an operator reads what a rule would take before it is set", async ({ browser, baseURL }) => {
  const operator = await browser.newContext({ baseURL, storageState: admin });
  const page = await operator.newPage();
  await page.setViewportSize({ width: 820, height: 1180 });
  await watchMoves(page);
  await page.goto("/ops");
  const kept = page.getByRole("region", { name: "How long things are kept" });
  await expect(kept.getByLabel("Ended jobs: Newest of each owner")).toBeVisible();
  // What comes later has its place.
  expect(await movesOf(page)).toBeLessThan(0.01);
  await kept.getByLabel("Ended jobs: Newest of each owner").fill("1");
  await expect(kept.getByText(/^\d+ jobs? with \d+ files?$/)).toBeVisible();
  expect(
    (await new AxeBuilder({ page }).include("section[aria-labelledby=retention-heading]").analyze()).violations,
  ).toEqual([]);
  await kept.getByRole("button", { name: "Leave it as it is" }).click();
  await expect(kept.getByText("Nothing goes.")).toHaveCount(4);
  await kept.getByLabel("Events: Days").fill("20");
  await kept.getByRole("button", { name: "Set these rules" }).click();
  await page.getByRole("dialog", { name: "Set these rules?" }).getByRole("button", { name: "Set these rules" }).click();
  await expect(kept.getByText(/^Set by .+ just now$/)).toBeVisible();
  await expect(kept.getByLabel("Events: Days")).toHaveValue("20");
  await operator.close();
});

test("an operator imports a graph, tries it, publishes it, and anybody generates with it", async ({
  browser,
  baseURL,
}) => {
  const operator = await browser.newContext({ baseURL, storageState: admin });
  const page = await operator.newPage();
  await page.goto("/workflows/import");
  const choose = (name: string, data: Uint8Array) =>
    page.getByLabel("Workflow file").setInputFiles({ name, mimeType: "", buffer: Buffer.from(data) });
  await choose("plain.png", write.png());
  await expect(page.getByText(/^PNG, whole file: it carries no workflow\. .*Drop the original file/)).toBeVisible();
  const settings = "a boat\nNegative prompt: ugly\nSteps: 20, Sampler: Euler a, Seed: 5, Size: 512x768";
  await choose("other.png", write.png(write.pngChunk("tEXt", "parameters\0", settings)));
  await expect(page.getByText("This picture was made with A1111, which keeps no workflow in it.")).toBeVisible();
  await expect(page.getByText("512 × 768")).toBeVisible();
  const moov = write.box("moov", write.box("udta", write.mdtaMeta({ prompt: JSON.stringify(exported) })));
  const film = write.bytes(write.box("ftyp", "isom"), write.box("mdat", new Uint8Array(2_000_000)), moov);
  await choose("glass_bottles_api.mp4", film);
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("glass bottles");
  const form = page.getByRole("list", { name: "Inputs of the form" });
  for (const name of ["Prompt", "Negative prompt", "Steps", "Seed", "Model"]) {
    await expect(form.getByRole("checkbox", { name, exact: true })).toBeChecked();
  }
  await expect(page.getByText(/Ready to run on/)).toBeVisible();
  await expect(page.getByText(/“juggernautXL.safetensors” is on no backend/).first()).toBeVisible();
  // A maximum above what the node takes is found while it is written.
  const steps = form.getByRole("listitem").filter({ has: page.getByRole("checkbox", { name: "Steps", exact: true }) });
  await steps.getByText("Label, bounds, default").click();
  await steps.getByLabel("Maximum").fill("20000");
  await expect(steps.getByText(/steps takes 1 to 10000/)).toBeVisible();
  await steps.getByLabel("Maximum").fill("50");
  await expect(page.getByText(/Ready to run on/)).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);
  await page.getByRole("button", { name: "Save as a draft" }).click();

  await expect(page.getByRole("heading", { name: "Try version 1" })).toBeVisible();
  await generate(page, "a bottle on trial", { size: 256 });
  await expect(cardOf(page, "a bottle on trial").getByText(/Image generated in/)).toBeVisible();
  await page.getByRole("button", { name: "Publish version 1" }).click();
  await expect(page.getByText("Current", { exact: true })).toBeVisible();
  await operator.close();

  const visitor = await browser.newContext({ baseURL });
  const studio = await visitor.newPage();
  await studio.goto("/");
  await studio.getByRole("radio", { name: "glass bottles" }).check();
  await setSteps(studio, 4);
  await expect(studio.getByRole("spinbutton", { name: "Steps" })).toHaveAttribute("max", "50");
  await generate(studio, "a bottle for everybody", { size: 256 });
  await expect(cardOf(studio, "a bottle for everybody").getByText(/Image generated in/)).toBeVisible();
  await visitor.close();
});

test("an operator exports a workflow as JSON and as a picture, and each opens as the same workflow with the same form", async ({
  browser,
  baseURL,
}) => {
  const operator = await browser.newContext({ baseURL, storageState: admin });
  const page = await operator.newPage();
  await page.goto("/workflows/text-to-image");
  await page.getByRole("button", { name: "Export" }).click();
  const dialog = page.getByRole("dialog", { name: "Export Text to image" });
  await expect(dialog.getByRole("img", { name: /^The nodes of Text to image/ })).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);
  const files: string[] = [];
  for (const [choice, name] of [
    ["For ComfyUI’s editor", "text-to-image-1-workflow.json"],
    ["For ComfyUI’s API", "text-to-image-1-api.json"],
    ["As a picture", "text-to-image-1.png"],
  ] as const) {
    const saving = page.waitForEvent("download");
    await dialog.getByRole("button", { name: choice }).click();
    const saved = await saving;
    expect(saved.suggestedFilename()).toBe(name);
    files.push(await saved.path());
  }
  const [workflow = "", api = "", picture = ""] = files;
  expect(Object.keys(JSON.parse(await readFile(api, "utf8")))).toContain("sampler");
  for (const [name, path] of [
    ["from-a-friend.json", workflow],
    ["from-a-friend.png", picture],
  ] as const) {
    await page.goto("/workflows/import");
    const buffer = await readFile(path);
    await page.getByLabel("Workflow file").setInputFiles({ name, mimeType: "", buffer });
    await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Text to image");
    const asked = page.getByRole("list", { name: "Inputs of the form" }).getByRole("checkbox");
    const names = ["Prompt", "Negative prompt", "Width", "Height", "Steps", "Seed", "Pictures", "Model"];
    await expect(asked).toHaveCount(names.length);
    for (const [index, label] of names.entries()) await expect(asked.nth(index)).toHaveAccessibleName(label);
  }
  await operator.close();
});

test("outputs of every kind are there to play, to look at, to read and to keep", async ({ browser, baseURL }) => {
  const operator = await browser.newContext({ baseURL, storageState: admin });
  await publishMedia(await operator.newPage(), baseURL ?? "");
  await operator.close();

  const visitor = await browser.newContext({ baseURL });
  const page = await visitor.newPage();
  await page.goto("/");
  await page.getByRole("radio", { name: "Media" }).check();
  await page.getByRole("textbox", { name: "Prompt", exact: true }).fill("a short film");
  await page.getByRole("button", { name: "Generate" }).click();
  const card = cardOf(page, "a short film");
  await expect(card.getByText(/generated in/)).toBeVisible();
  await card.getByRole("link", { name: "a short film" }).click();
  const outputs = page.getByRole("list", { name: "Outputs" }).getByRole("listitem");
  await expect(outputs).toHaveCount(11);
  const output = (summary: string) => outputs.filter({ hasText: summary });

  const film = output("Video · WEBM").getByLabel("Video: a short film");
  await film.evaluate((video: HTMLVideoElement) => video.play());
  await expect
    .poll(() => film.evaluate((video: HTMLVideoElement) => video.getVideoPlaybackQuality().totalVideoFrames))
    .toBeGreaterThan(1);
  expect(await film.evaluate((video: HTMLVideoElement) => [video.videoWidth, video.videoHeight])).toEqual([192, 128]);
  for (const format of ["FLAC", "MP3", "OPUS"]) {
    const sound = output(`Sound · ${format}`).getByLabel("Sound: a short film");
    await sound.evaluate((audio: HTMLAudioElement) => audio.play());
    await expect
      .poll(() => sound.evaluate(({ played }: HTMLAudioElement) => (played.length === 0 ? 0 : played.end(0))))
      .toBeGreaterThan(0.4);
  }
  await page.emulateMedia({ reducedMotion: "no-preference" });
  const moving = output("Animation · WEBP").getByRole("img", { name: "a short film" });
  // Not its thumbnail, which stands still.
  const shown = await moving.evaluate((image: HTMLImageElement) =>
    image.decode().then(() => [image.naturalWidth, new URL(image.currentSrc).search]),
  );
  expect(shown).toEqual([192, ""]);
  await expect(output("Text · TXT").getByRole("textbox", { name: "Text" })).toHaveValue(
    "It was a dark night.\nThe light came in red.",
  );

  const files = [
    ["Video · WEBM", "video/webm", "1.webm"],
    ["Video · MP4", "video/mp4", "2.mp4"],
    ["Animation · WEBP", "image/webp", "3.webp"],
    ["Sound · FLAC", "audio/flac", "4.flac"],
    ["Sound · MP3", "audio/mpeg", "5.mp3"],
    ["Sound · OPUS", "audio/ogg; codecs=opus", "6.opus"],
    ["Text · TXT", "text/plain; charset=utf-8", "7.txt"],
    ["3D model · GLB", "model/gltf-binary", "8.glb"],
  ] as const;
  for (const [summary, type, name] of files) {
    const link = output(summary).getByRole("link", { name: /^Download: / });
    const saved = page.waitForEvent("download");
    await link.click();
    expect((await saved).suggestedFilename()).toBe(`a-short-film-${name}`);
    const answer = await page.request.head((await link.getAttribute("href")) ?? "");
    expect(answer.headers()["content-type"]).toBe(type);
  }

  // Of several pictures each is shared for itself.
  const second = output("Picture · PNG").nth(1);
  await second.getByRole("button", { name: /^Share: / }).click();
  await expect(page.getByRole("region", { name: "Shared" })).toHaveCount(1);
  await expect(second.getByRole("textbox", { name: "Link to share" })).toHaveValue(/\/s\//);
  await visitor.close();
});

test("a choice that brings inputs of its own and a 3D model are asked for, sent, and come back as they should", async ({
  browser,
  baseURL,
}) => {
  const operator = await browser.newContext({ baseURL, storageState: admin });
  const page = await operator.newPage();
  await page.goto("/workflows/import");
  const buffer = Buffer.from(JSON.stringify(choosingGraph));
  await page.getByLabel("Workflow file").setInputFiles({ name: "choosing.json", mimeType: "", buffer });
  const form = page.getByRole("list", { name: "Inputs of the form" });
  await expect(form.getByRole("checkbox", { name: "3D model", exact: true })).toBeChecked();
  // The choice comes with everything that its options bring.
  await page.getByText(/more that could be asked for/).click();
  await page.getByRole("checkbox", { name: "Resize type", exact: true }).check();
  await expect(page.getByRole("checkbox", { name: "Scale", exact: true })).toBeChecked();
  await expect(page.getByText(/Ready to run on/)).toBeVisible();
  await page.getByRole("button", { name: "Save as a draft" }).click();
  await page.getByRole("button", { name: "Publish version 1" }).click();
  await expect(page.getByText("Current", { exact: true })).toBeVisible();
  await operator.close();

  const visitor = await browser.newContext({ baseURL });
  const studio = await visitor.newPage();
  await studio.goto("/");
  await studio.getByRole("radio", { name: "choosing" }).check();
  const how = studio.getByLabel("Resize type", { exact: true });
  await expect(studio.getByRole("spinbutton", { name: "Width" })).toHaveValue("96");
  await how.selectOption("scale by multiplier");
  await expect(studio.getByRole("spinbutton", { name: "Width" })).toHaveCount(0);
  await studio.getByRole("spinbutton", { name: "Scale" }).fill("2");
  const glb = await readFile(new URL("../packages/workflow-files/src/testing/samples/glb.0330.glb", import.meta.url));
  const file = studio.getByLabel("3D model", { exact: true });
  await file.setInputFiles({ name: "cube.glb", mimeType: "", buffer: glb });
  await expect(studio.getByRole("img", { name: "Chosen for 3D model" })).toBeVisible();
  await studio.getByRole("button", { name: "Generate" }).click();
  const card = studio.getByRole("article", { name: "choosing" });
  await expect(card.getByText(/generated in/)).toBeVisible();
  await card.getByRole("link", { name: "choosing" }).click();
  const outputs = studio.getByRole("list", { name: "Outputs" }).getByRole("listitem");
  await expect(outputs.filter({ hasText: "3D model · GLB" })).toHaveCount(1);
  await expect(studio.getByText("scale by multiplier")).toBeVisible();
  await expect(studio.getByText("Width", { exact: true })).toHaveCount(0);
  await expect(studio.getByRole("img", { name: "3D model used as input" })).toBeVisible();
  await visitor.close();
});

test.describe("while guests are shut out", () => {
  // The socket of a page that was open is refused once before the page knows why.
  test.use({ expectedConsoleErrors: [/WebSocket connection to .* failed/, /403/] });

  test("an open page becomes the one to sign in at, and with an account it goes on", async ({ browser, baseURL }) => {
    const operator = await browser.newContext({ baseURL, storageState: admin });
    const ops = await operator.newPage();
    await ops.goto("/ops");
    const guests = ops
      .getByRole("list", { name: "Who may come in" })
      .getByRole("listitem")
      .filter({ hasText: "Guests" });

    const visitor = await browser.newContext({ baseURL });
    const page = await visitor.newPage();
    await page.goto("/");
    await generate(page, "made as a guest");
    await expect(cardOf(page, "made as a guest").getByText(/Image generated in/)).toBeVisible();

    await guests.getByRole("button", { name: "Close" }).click();
    await expect(guests.getByRole("button", { name: "Open" })).toBeVisible();
    await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
    await expect(page.getByRole("button", { name: "Generate" })).toHaveCount(0);
    await expect(page.getByText("The connection is away")).toHaveCount(0);
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

    const fill = async () => {
      await page.getByLabel("E-mail address").fill("visitor@example.com");
      await page.getByLabel("Password").fill("correct horse");
    };
    await fill();
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByText(/No account has this e-mail address and password/)).toBeVisible();
    await page.getByRole("button", { name: "Create an account" }).click();
    await page.getByLabel("Your name here").fill("Vera");
    await page.getByRole("button", { name: "Create the account" }).click();
    // What was made as a guest came along, and the page is live again.
    await expect(cardOf(page, "made as a guest")).toBeVisible();
    await generate(page, "made with an account");
    await expect(cardOf(page, "made with an account").getByText(/Image generated in/)).toBeVisible();

    await page.getByText("Vera", { exact: true }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
    await fill();
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(cardOf(page, "made with an account")).toBeVisible();

    await guests.getByRole("button", { name: "Open" }).click();
    await expect(guests.getByRole("button", { name: "Close" })).toBeVisible();
    await operator.close();
    await visitor.close();
  });
});
