import { newId, type Principal } from "@darkroom/contracts";
import { claimJob, createOutput, sharedOutput, shareOutput } from "@darkroom/db";
import { expect, test } from "vitest";
import { backendWith, FeedReader, finish, idOf, setup } from "../testing/setup.ts";
import { shareHashOf } from "./share-secret.ts";

const picture = { workflow: "picture", inputs: { prompt: "canary" } };

test("a guest is told no backend's name, by whatever tells of a job; a member is", async () => {
  const api = await setup();
  await backendWith(api, ["elsewhere.safetensors"]);
  const told = async (who: Principal): Promise<string> => {
    const caller = api.as(who);
    const feed = new FeedReader(await caller.job.onFeed({}));
    await feed.next();
    const jobId = idOf(await caller.job.submit(picture));
    const following = new FeedReader(await caller.job.onEvent({ jobId }));
    await following.next();
    await finish(api, jobId);
    return JSON.stringify([
      await caller.job.byId({ jobId }),
      await caller.job.list(),
      await caller.job.timeline({ jobId }),
      await caller.job.provenance({ jobId }),
      (await feed.until("job.succeeded")).values,
      (await following.until("job.succeeded")).values,
      await new FeedReader(await caller.job.onEvent({ jobId })).next(),
    ]);
  };
  expect(await told(api.guest())).not.toContain('"b1"');
  expect((await told(await api.account("member"))).split('"b1"').length - 1).toBeGreaterThan(5);
});

test("an operator reads whose each job of others is, and nobody reads it of their own", async () => {
  const api = await setup();
  const [member, operator] = [await api.account("member"), await api.account("operator")];
  await api.as(member).session.rename({ displayName: "Vera" });
  const jobId = idOf(await api.as(member).job.submit(picture));
  const own = idOf(await api.as(operator).job.submit(picture));
  const owner = { ownerId: member.ownerId, displayName: "Vera" };
  expect(await api.as(operator).job.byId({ jobId })).toMatchObject({ owner });
  const { items } = await api.as(operator).job.list({ all: true });
  expect(items.map((job) => [job.jobId, job.owner])).toEqual([
    [own, undefined],
    [jobId, owner],
  ]);
  await finish(api, jobId, {
    type: "failed",
    failure: { code: "NODE_FAILED", message: "It failed.", retryable: true },
  });
  expect((await api.as(operator).queue.deadLetters()).items).toMatchObject([{ jobId, owner }]);
  expect(await api.as(member).job.byId({ jobId })).not.toHaveProperty("owner");
});

test("someone else's job is not there: by id, in lists, to cancel, retry, follow or trace", async () => {
  const api = await setup();
  const jobId = idOf(await api.as(api.guest()).job.submit(picture));
  for (const stranger of [api.guest(), await api.account("member")]) {
    const caller = api.as(stranger);
    for (const call of [
      () => caller.job.byId({ jobId }),
      () => caller.job.cancel({ jobId }),
      () => caller.job.remove({ jobId }),
      () => caller.job.retry({ jobId }),
      () => caller.job.rerun({ jobId }),
      () => caller.job.timeline({ jobId }),
      () => caller.job.provenance({ jobId }),
      () => caller.job.drift({ jobId }),
      async () => new FeedReader(await caller.job.onEvent({ jobId })).next(),
    ]) {
      const error: unknown = await call().catch((reason: unknown) => reason);
      expect(JSON.stringify(error)).toContain("NOT_FOUND");
      expect(JSON.stringify(error)).not.toContain("canary");
    }
    expect((await caller.job.list()).items).toEqual([]);
    expect((await caller.output.list()).items).toEqual([]);
  }
});

test("a picture is shared by its owner alone, each time at another address, and a sound not at all", async () => {
  const api = await setup();
  const guest = api.guest();
  const owner = api.as(guest);
  const jobId = idOf(await owner.job.submit(picture));
  const { database } = api;
  const claimed = await claimJob(database, { jobId, workerId: "w1", backendId: "b1", leaseSeconds: 30 });
  const attempt = claimed?.job.attempt ?? 0;
  const stored = { sha256: "0", storageKey: "0", width: 1, height: 1, sizeBytes: 1, seed: null };
  const [image, sound] = [newId(), newId()];
  const created = [
    { outputId: image, kind: "image", mimeType: "image/png", ...stored },
    { outputId: sound, kind: "audio", mimeType: "audio/flac", ...stored },
  ] as const;
  for (const [ordinal, output] of created.entries()) await createOutput(database, { jobId, attempt, ordinal, output });

  await expect(api.as(api.guest()).output.share({ outputId: image })).rejects.toThrow("no such output");
  expect((await owner.output.byId({ outputId: image })).share).toBeNull();
  await expect(owner.output.share({ outputId: sound })).rejects.toThrow("Only still pictures");
  const [one, two] = [await owner.output.share({ outputId: image }), await owner.output.share({ outputId: image })];
  const reached = async ({ url }: { url: string | null }) =>
    (await sharedOutput(database, shareHashOf(url?.split("/").at(-1) ?? "")))?.outputId ?? null;
  expect([await reached(one), await reached(two)]).toEqual([null, image]);

  // Its owner is told at what address it is, whoever else may look at the output is not.
  const shareOf = async (caller: ReturnType<typeof api.as>, outputId = image) =>
    (await caller.output.byId({ outputId })).share?.url;
  const operator = api.as(await api.account("operator"));
  expect([await shareOf(owner), await shareOf(owner, sound), await shareOf(operator)]).toEqual([
    two.url,
    undefined,
    undefined,
  ]);
  expect((await owner.output.list({ jobId })).items.map(({ outputId, share }) => [outputId, share?.url])).toEqual([
    [sound, undefined],
    [image, two.url],
  ]);
  expect((await owner.output.list({ jobId: newId() })).items).toEqual([]);
  expect((await operator.output.list({ jobId })).items).toEqual([]);
  const changed = api.as(guest, { shareKey: "another key", earlierShareKeys: [api.shareKey] });
  expect(await shareOf(changed)).toBe(two.url);
  const elsewhere = api.as(guest, { shareKey: "another key" });
  expect(await shareOf(elsewhere)).toBeNull();

  expect(await owner.output.share({ outputId: image, shared: false })).toMatchObject({ outputId: image, url: null });
  expect([await reached(two), await shareOf(owner)]).toEqual([null, undefined]);
  // As it was kept before addresses could be made again.
  await shareOutput(database, { outputId: image, share: { hash: shareHashOf("old"), nonce: null } });
  expect(await shareOf(owner)).toBeNull();
});

test("a job that does not exist looks the same as somebody else's", async () => {
  const api = await setup();
  const jobId = idOf(await api.as(api.guest()).job.submit(picture));
  const caller = api.as(api.guest());
  const message = async (id: string) => caller.job.byId({ jobId: id }).catch((error: Error) => error.message);
  expect(await message(jobId)).toBe(await message(newId()));
});

test("an operator sees any job by id and in the list of all, and can cancel it", async () => {
  const api = await setup();
  const owner = api.guest();
  const jobId = idOf(await api.as(owner).job.submit(picture));
  const caller = api.as(await api.account("operator"));
  expect(await caller.job.byId({ jobId })).toMatchObject({ jobId, state: "queued" });
  expect((await caller.job.list({ all: true })).items.map((job) => job.jobId)).toEqual([jobId]);
  expect((await caller.job.list()).items).toEqual([]);
  expect((await caller.job.timeline({ jobId })).map(({ type }) => type)).toEqual(["job.queued"]);
  expect(await caller.job.cancel({ jobId })).toEqual({ jobs: [{ jobId, state: "canceled" }] });
  expect((await api.as(owner).job.byId({ jobId })).state).toBe("canceled");
});

test("canceling twice is fine; canceling what succeeded is refused", async () => {
  const api = await setup();
  const caller = api.as(api.guest());
  const first = idOf(await caller.job.submit(picture));
  await caller.job.cancel({ jobId: first });
  expect(await caller.job.cancel({ jobId: first })).toEqual({ jobs: [{ jobId: first, state: "canceled" }] });
  const second = idOf(await caller.job.submit(picture));
  await finish(api, second);
  await expect(caller.job.cancel({ jobId: second })).rejects.toMatchObject({ code: "CONFLICT" });
});

test("linked owners are read together, and a page goes on where the last one ended", async () => {
  const api = await setup();
  const [first, second] = [api.guest(), api.guest()];
  await api.as(first).job.submit(picture);
  await api.as(second).job.submit(picture);
  await api.as(first).job.submit(picture);
  const both = api.as({ ...first, ownerIds: [first.ownerId, second.ownerId] });
  const page = await both.job.list({ limit: 2 });
  const rest = await both.job.list({ limit: 2, cursor: page.nextCursor });
  expect(rest.nextCursor).toBeNull();
  const ids = [...page.items, ...rest.items].map(({ jobId }) => jobId);
  expect(ids).toHaveLength(3);
  expect(ids).toEqual([...ids].sort().reverse());
});

test("a backend's password is not shown to operators", async () => {
  const api = await setup();
  await backendWith(api, []);
  const { items } = await api.as(await api.account("operator")).backend.list();
  expect(items).toMatchObject([{ backendId: "b1", state: "up", url: "http://127.0.0.1:8188/", simulator: false }]);
});
