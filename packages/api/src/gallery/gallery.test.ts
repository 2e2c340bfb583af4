import { outputUrl } from "@darkroom/contracts";
import { removeOutput, setRole } from "@darkroom/db";
import { expect, test } from "vitest";
import { definition, madePicture, setup } from "../testing/setup.ts";

const inputs = { prompt: "a red cube", note: "for Ben", seed: 7, noise: 8, steps: 3 };
const tokenOf = ({ pageUrl }: { pageUrl: string | null }): string => pageUrl?.split("/").at(-1) ?? "";

test("a shared picture tells what its owner names and nothing else, and keeps its address when they change that", async () => {
  const noise = { kind: "seed", name: "noise", label: "Noise", required: false, min: 0, max: 100 } as const;
  const api = await setup({ definitions: [{ ...definition, parameters: [...definition.parameters, noise] }] });
  const member = await api.account("member");
  const owner = api.as(member);
  const outputId = await madePicture(api, owner, inputs);
  const shared = await owner.output.share({ outputId });
  const token = tokenOf(shared);
  const seen = () => api.as(api.guest()).gallery.byToken({ token });
  const nothing = { prompt: null, seed: null, settings: null, by: null };
  expect(await seen()).toEqual({
    ...{ token, url: `/api/shares/${token}`, pageUrl: `/s/${token}`, width: 640, height: 480, ...nothing },
    ...{ publishedAt: null, isOwn: false, moderation: null },
  });
  expect(JSON.stringify(await seen())).not.toContain(outputId);

  expect(await owner.output.share({ outputId, facts: ["prompt", "name"] })).toEqual({
    ...{ outputId, url: shared.url, pageUrl: shared.pageUrl, facts: ["prompt", "name"], isPublished: false },
  });
  const { displayName } = await owner.session.rename({ displayName: "Ada" });
  expect(await seen()).toMatchObject({ ...nothing, prompt: "a red cube", by: displayName });
  // What is written beside the prompt is told with it alone.
  await owner.output.share({ outputId, facts: ["prompt", "settings"] });
  expect((await seen()).settings?.inputs).toEqual({ note: "for Ben", steps: 3, model: "elsewhere.safetensors" });
  await owner.output.share({ outputId, facts: ["seed", "settings"] });
  const settings = {
    workflow: { slug: "picture", name: "Picture" },
    inputs: { noise: 8, steps: 3, model: "elsewhere.safetensors" },
  };
  const told = await seen();
  expect(told).toMatchObject({ ...nothing, seed: 7, settings });
  expect(told.settings).toEqual(settings);
  expect(await owner.gallery.byToken({ token })).toMatchObject({ isOwn: true });
  expect((await owner.output.byId({ outputId })).share).toMatchObject({ facts: ["seed", "settings"], url: shared.url });

  await owner.output.share({ outputId, shared: false });
  await expect(seen()).rejects.toThrow("not shared");
  // The end takes what was told along: whoever shares it again names it anew.
  expect(await owner.output.share({ outputId })).toMatchObject({ facts: [], isPublished: false });
});

test("the gallery has what owners publish, newest first, until they end it, are blocked or remove it, and while it is open", async () => {
  const api = await setup();
  const [ada, ben] = [await api.account("member"), api.guest()];
  const pictures: string[] = [];
  for (const caller of [api.as(ada), api.as(ben), api.as(ada)]) {
    const outputId = await madePicture(api, caller);
    expect(await caller.output.share({ outputId, gallery: true, facts: ["prompt"] })).toMatchObject({
      isPublished: true,
    });
    pictures.push(outputId);
  }
  const [first = "", , third = ""] = pictures;
  await api.as(ada).output.share({ outputId: await madePicture(api, api.as(ada)) });
  const operator = api.as(await api.account("operator"));
  const gallery = async (from = api.as(api.guest()), cursor?: string | null) => from.gallery.list({ limit: 2, cursor });
  const shown = async () => {
    const page = await gallery(operator);
    const next = page.nextCursor === null ? [] : (await gallery(operator, page.nextCursor)).items;
    return [...page.items, ...next].map(({ moderation }) => moderation?.outputId);
  };
  expect(await shown()).toEqual(pictures.toReversed());
  const noPage = Buffer.from(`0000-01-01T00:00:00.000Z ${first}`).toString("base64url");
  await expect(gallery(operator, noPage)).rejects.toThrow("not one of ours");
  expect((await gallery()).items[0]).toMatchObject({ prompt: "a red cube", isOwn: false, moderation: null });
  expect((await gallery(api.as(ada))).items[0]).toMatchObject({ isOwn: true });

  await setRole(api.database, { ownerId: ben.ownerId, role: "blocked" });
  expect(await shown()).toEqual([third, first]);
  await api.as(ada).output.share({ outputId: third, gallery: false });
  expect(await shown()).toEqual([first]);
  await api.as(ada).output.share({ outputId: first, shared: false });
  await api.as(ada).output.share({ outputId: first });
  expect(await shown()).toEqual([]);
  await api.as(ada).output.share({ outputId: third, gallery: true });
  await removeOutput(api.database, { outputId: third, ownerIds: ada.ownerIds });
  expect(await shown()).toEqual([]);

  await operator.user.setEntrance({ entrance: "gallery", isOpen: false });
  await expect(gallery()).rejects.toThrow("The gallery is closed");
  await expect(api.as(ada).output.share({ outputId: first, gallery: true })).rejects.toThrow("The gallery is closed");
  // By its address it is shared all the same.
  expect(await api.as(ada).output.share({ outputId: first })).toMatchObject({ isPublished: false });
});

test("an API key puts nothing into the gallery, whatever its scopes; it shares by an address, and takes out of the gallery", async () => {
  const api = await setup();
  const principal = await api.account("member");
  const key = api.as({ ...principal, kind: "apiKey" });
  const outputId = await madePicture(api, key);
  const error = await key.output.share({ outputId, gallery: true }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ cause: { code: "FORBIDDEN", fields: [{ path: "gallery" }] } });
  expect(await key.output.share({ outputId })).toMatchObject({ isPublished: false });
  expect(await api.as(principal).output.share({ outputId, gallery: true })).toMatchObject({ isPublished: true });
  expect(await key.output.share({ outputId, gallery: false })).toMatchObject({ isPublished: false });
});

test("a report counts once for each account and each address; what operators take down is gone for all but its owner, who is told why", async () => {
  const api = await setup();
  const owner = api.as(await api.account("member"));
  const outputId = await madePicture(api, owner);
  const token = tokenOf(await owner.output.share({ outputId, gallery: true }));
  const operator = api.as(await api.account("operator"));
  const here = () => api.as(api.guest(), { addressKey: "here" });
  await here().gallery.report({ token, reason: "hateful" });
  await here().gallery.report({ token, reason: "copied", details: "It is mine." });
  await api.as(await api.account("member"), { addressKey: "here" }).gallery.report({ token, reason: "copied" });
  const reported = async () =>
    (await operator.gallery.list({ shelf: "reported" })).items.map((item) => item.moderation);
  expect(await reported()).toMatchObject([{ outputId, reports: 2, reasons: ["copied"] }]);
  await expect(owner.gallery.list({ shelf: "reported" })).rejects.toThrow("Only operators");

  // Let be: it stays, and the reports are decided.
  await operator.gallery.hide({ outputId, hidden: false });
  expect([await reported(), (await here().gallery.list()).items.length]).toEqual([[], 1]);

  await expect(owner.gallery.hide({ outputId })).rejects.toThrow();
  await operator.gallery.hide({ outputId, reason: "It shows somebody's house." });
  await expect(here().gallery.byToken({ token })).rejects.toThrow("not shared");
  await expect(here().gallery.report({ token, reason: "other" })).rejects.toThrow("not shared");
  expect((await here().gallery.list()).items).toEqual([]);
  expect((await operator.gallery.list({ shelf: "hidden" })).items).toMatchObject([{ token, moderation: { outputId } }]);
  expect((await owner.output.byId({ outputId })).hidden).toEqual({ reason: "It shows somebody's house." });
  await owner.output.share({ outputId, shared: false });
  await expect(owner.output.share({ outputId })).rejects.toThrow("somebody's house");
  // What was taken down stays known as such, whatever its owner does.
  expect((await operator.gallery.list({ shelf: "hidden" })).items).toMatchObject([
    { token: "", url: outputUrl(outputId), moderation: { outputId, hiddenReason: "It shows somebody's house." } },
  ]);
  const actions = (await api.as(await api.account("admin")).audit.list()).items;
  expect(actions[0]).toMatchObject({
    action: "gallery.hide",
    input: { outputId, reason: "It shows somebody's house." },
  });

  await operator.gallery.hide({ outputId, hidden: false });
  expect(await owner.output.share({ outputId, gallery: true })).toMatchObject({ isPublished: true });
});

test("nobody reports more than twenty pictures within an hour, also not all at once", async () => {
  const api = await setup();
  const owner = api.as(await api.account("member"));
  const reporter = api.as(await api.account("member"));
  const tokens: string[] = [];
  for (let nth = 0; nth < 25; nth += 1)
    tokens.push(tokenOf(await owner.output.share({ outputId: await madePicture(api, owner) })));
  const reports = tokens.map((token) => reporter.gallery.report({ token, reason: "other" }));
  const refused = (await Promise.allSettled(reports)).filter((report) => report.status === "rejected");
  expect(refused.map(({ reason }) => reason.cause.code)).toEqual(Array(5).fill("RATE_LIMITED"));
});
