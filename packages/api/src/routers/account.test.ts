import { createECDH } from "node:crypto";
import { newId } from "@darkroom/contracts";
import { createUpload, ensureOwner } from "@darkroom/db";
import { expect, test } from "vitest";
import type { TestApi } from "../testing/caller.ts";
import { finish, idOf, setup } from "../testing/setup.ts";

const picture = { workflow: "picture", inputs: { prompt: "a red cube" } };

async function upload({ database }: TestApi, ownerId: string): Promise<string> {
  const uploadId = newId();
  const file = { sha256: "s", storageKey: uploadId, mimeType: "image/png", width: 2, height: 1, sizeBytes: 3 };
  await createUpload(database, { uploadId, ownerId, ...file });
  return uploadId;
}

test("uploads are listed and removed by their owner alone, and kept while a job takes them", async () => {
  const api = await setup();
  const member = await api.account();
  const owner = api.as(member);
  const uploadId = await upload(api, member.ownerId);
  const used = await upload(api, member.ownerId);
  const jobId = idOf(
    await owner.job.submit({ workflow: "picture", inputs: { prompt: "p", image: { uploadId: used } } }),
  );
  const page = await owner.upload.list({ limit: 1 });
  const rest = await owner.upload.list({ limit: 5, cursor: page.nextCursor });
  expect([...page.items, ...rest.items].map((item) => item.uploadId)).toEqual([used, uploadId]);
  expect(page.items[0]).toMatchObject({ mimeType: "image/png", width: 2, height: 1, sizeBytes: 3, expiresAt: null });
  expect(rest.items[0]).toMatchObject({
    expiresAt: expect.stringMatching(/^2.+Z$/),
    url: `/api/uploads/${uploadId}`,
    thumbnailUrl: `/api/uploads/${uploadId}?width=384&format=webp`,
  });

  const stranger = api.as(await api.account());
  expect((await stranger.upload.list()).items).toEqual([]);
  await expect(stranger.upload.remove({ uploadId })).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(owner.upload.remove({ uploadId: used })).rejects.toMatchObject({ cause: { code: "JOB_NOT_ENDED" } });
  expect(await owner.upload.remove({ uploadId })).toEqual({ uploadId, removed: true });
  await expect(owner.upload.remove({ uploadId })).rejects.toMatchObject({ code: "NOT_FOUND" });
  await owner.job.cancel({ jobId });
  expect(await api.as(await api.account("operator")).upload.remove({ uploadId: used })).toMatchObject({
    removed: true,
  });
});

test("one sees how much of each limit is used, as a guest also by others at the same address", async () => {
  const api = await setup({ limits: { submitsPerMinute: 7, generationsPerHour: 5, maxWaitingPerOwner: 4 } });
  const guest = api.guest();
  const owner = api.as(guest, { addressKey: "here" });
  const none = { used: 0 };
  expect(await owner.account.usage()).toMatchObject({
    submitsPerMinute: none,
    generationsPerHour: none,
    waiting: none,
  });
  const canceled = idOf(await owner.job.submit(picture));
  await owner.job.cancel({ jobId: canceled });
  await owner.job.submit(picture);
  const usage = {
    submitsPerMinute: { used: 2, most: 7 },
    generationsPerHour: { used: 1, most: 5 },
    waiting: { used: 1, most: 4 },
    storedBytes: { used: 0, most: null },
  };
  expect(await owner.account.usage()).toEqual(usage);
  expect(await api.as(api.guest(), { addressKey: "here" }).account.usage()).toEqual(usage);
  expect(await api.as(api.guest(), { addressKey: "there" }).account.usage()).toMatchObject({ submitsPerMinute: none });
});

test("an account is removed with all it had, and whoever still acts for it is turned away", async () => {
  const api = await setup({ limits: { generationsPerHour: 2 } });
  const guest = { ...api.guest(), displayName: "Ann" };
  const owner = api.as(guest, { addressKey: "here" });
  const open = idOf(await owner.job.submit(picture));
  await expect(owner.account.remove()).rejects.toMatchObject({ cause: { code: "JOB_NOT_ENDED" } });
  await finish(api, open);
  await upload(api, guest.ownerId);
  expect(await owner.account.remove()).toEqual({ ownerId: guest.ownerId, removed: true });

  const operator = api.as(await api.account("operator"));
  expect((await operator.job.list({ all: true })).items).toEqual([]);
  expect((await operator.user.list()).items.map(({ ownerId }) => ownerId)).not.toContain(guest.ownerId);
  const [left] = await api.database.sql`
    SELECT o.display_name, o.account_id, (SELECT count(*) FROM uploads u WHERE u.owner_id = o.id) AS uploads,
      (SELECT max(owner_seq) = count(*) FROM job_events e WHERE e.owner_id = o.id) AS contiguous
    FROM owners o WHERE id = ${guest.ownerId}`;
  expect(left).toEqual({ display_name: null, account_id: null, uploads: 0, contiguous: true });
  for (const call of [
    () => owner.job.submit(picture),
    () => owner.session.rename({ displayName: "Ann again" }),
    () => upload(api, guest.ownerId),
    () => ensureOwner(api.database, { ownerId: guest.ownerId, kind: "guest" }),
  ]) {
    await expect(call()).rejects.toThrow("This account was removed");
  }
  // What it made counts on at its address, whoever comes next.
  const next = api.as(api.guest(), { addressKey: "here" });
  expect((await next.job.submit(picture)).remaining).toMatchObject({ generations: 0 });
});

test("nobody removes somebody else's account but an operator, and an operator's only an admin; what each tried is written down", async () => {
  const api = await setup();
  const [member, other, operator, admin] = [
    await api.account(),
    await api.account(),
    await api.account("operator"),
    await api.account("admin"),
  ];
  const remove = (by: typeof member, of: typeof member) => api.as(by).account.remove({ ownerId: of.ownerId });
  await expect(remove(other, member)).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(remove(operator, admin)).rejects.toMatchObject({ code: "FORBIDDEN" });
  await expect(remove(admin, admin)).rejects.toThrow("the only admin");
  const open = idOf(await api.as(member).job.submit(picture));
  await expect(remove(operator, member)).rejects.toMatchObject({ cause: { code: "JOB_NOT_ENDED" } });
  await finish(api, open);
  expect(await remove(operator, member)).toMatchObject({ removed: true });
  await expect(remove(operator, member)).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(await remove(admin, operator)).toMatchObject({ removed: true });
  await api.as(other).account.remove();
  const { items } = await api.as(admin).audit.list();
  expect(items.map(({ action, ownerId, input, refused }) => [action, ownerId, input, refused])).toEqual([
    ["account.remove", admin.ownerId, { ownerId: operator.ownerId }, null],
    ["account.remove", operator.ownerId, { ownerId: member.ownerId }, "NOT_FOUND"],
    ["account.remove", operator.ownerId, { ownerId: member.ownerId }, null],
    ["account.remove", operator.ownerId, { ownerId: member.ownerId }, "JOB_NOT_ENDED"],
    ["account.remove", operator.ownerId, { ownerId: admin.ownerId }, "FORBIDDEN"],
  ]);
});

test("an operator closes and opens what the settings leave open, and everyone reads who did", async () => {
  const api = await setup();
  const operator = await api.account("operator");
  const users = api.as(operator).user;
  const never = { isOpen: true, closedBySetting: null, changedAt: null, changedBy: null };
  expect(await users.entrances()).toEqual([
    { entrance: "guests", ...never },
    { entrance: "signUp", ...never },
    { entrance: "gallery", ...never },
  ]);
  const [guests, signUp] = await users.setEntrance({ entrance: "guests", isOpen: false });
  expect(guests).toMatchObject({ isOpen: false, changedBy: { ownerId: operator.ownerId } });
  expect(new Date(guests?.changedAt ?? "").getTime()).toBeGreaterThan(0);
  expect(signUp).toMatchObject({ isOpen: true });
  expect(await api.admission.now()).toMatchObject({ guests: false, signUp: true });
  await expect(
    api.as(await api.account()).user.setEntrance({ entrance: "guests", isOpen: true }),
  ).rejects.toMatchObject({
    code: "FORBIDDEN",
  });

  const allowed = { guests: false, signUp: true, accounts: false, gallery: false };
  const elsewhere = api.as(operator, { admission: { ...api.admission, allowed } }).user;
  expect(await elsewhere.entrances()).toMatchObject([
    { isOpen: false, closedBySetting: "GUESTS_ENABLED" },
    { isOpen: false, closedBySetting: "ACCOUNTS_ENABLED" },
    { isOpen: false, closedBySetting: "GALLERY_ENABLED" },
  ]);
  await expect(elsewhere.setEntrance({ entrance: "guests", isOpen: true })).rejects.toThrow(
    "The setting GUESTS_ENABLED keeps this closed. Set it to true and restart the web processes.",
  );
  await elsewhere.setEntrance({ entrance: "signUp", isOpen: false });
  expect(await users.setEntrance({ entrance: "guests", isOpen: true })).toMatchObject([
    { isOpen: true },
    { isOpen: false, closedBySetting: null },
    { entrance: "gallery", isOpen: true },
  ]);
});

test("an operator blocks and unblocks whoever is below operators; who is blocked may only ask who they are", async () => {
  const api = await setup();
  const [member, operator, second, admin] = [
    await api.account(),
    await api.account("operator"),
    await api.account("operator"),
    await api.account("admin"),
  ];
  const by = api.as(operator).user;
  expect(await by.setRole({ ownerId: member.ownerId, role: "blocked" })).toMatchObject({ role: "blocked" });
  const blocked = api.as({ ...member, role: "blocked" });
  expect(await blocked.session.me()).toMatchObject({ role: "blocked" });
  for (const call of [() => blocked.job.submit(picture), () => blocked.job.list(), () => blocked.account.remove()]) {
    await expect(call()).rejects.toThrow("This account was blocked. Ask whoever runs this Darkroom.");
  }
  expect(await by.setRole({ ownerId: member.ownerId, role: "member" })).toMatchObject({ role: "member" });
  for (const [of, role] of [
    [second, "blocked"],
    [admin, "member"],
    [member, "operator"],
    [operator, "admin"],
  ] as const) {
    await expect(by.setRole({ ownerId: of.ownerId, role })).rejects.toMatchObject({ code: "FORBIDDEN" });
  }
  await expect(by.setRole({ ownerId: member.ownerId, role: "guest" })).rejects.toMatchObject({ code: "BAD_REQUEST" });
  expect(await api.as(admin).user.setRole({ ownerId: second.ownerId, role: "blocked" })).toMatchObject({
    role: "blocked",
  });
});

test("what is on its way when an account is removed adds nothing to it, and what services wrote of it is gone", async () => {
  const api = await setup();
  const member = await api.account();
  const owner = api.as(member);
  await owner.event.publish({ type: "x.shop.paid", data: { card: "4111" } });
  await owner.account.remove();
  const gone = { cause: { code: "UNAUTHENTICATED" } };
  await expect(owner.apiKey.create({ name: "late" })).rejects.toMatchObject(gone);
  await expect(owner.webhook.create({ url: "https://example.com/late" })).rejects.toMatchObject(gone);
  const p256dh = createECDH("prime256v1").generateKeys("base64url");
  const browser = { endpoint: "https://push.example.com/late", keys: { p256dh, auth: "A".repeat(22) } };
  await expect(owner.push.subscribe(browser)).rejects.toMatchObject(gone);
  for (const who of [owner, api.as(await api.account("operator"))]) {
    const late = { type: "x.late", ownerId: member.ownerId } as const;
    await expect(who.event.publish(late)).rejects.toMatchObject({ cause: { code: "NOT_FOUND" } });
  }
  const passing = { type: "x.late", durable: false, ownerId: member.ownerId } as const;
  await expect(api.as(await api.account("operator")).event.publish(passing)).rejects.toMatchObject({
    cause: { code: "NOT_FOUND" },
  });
  const events = await api.database.sql`
    SELECT owner_seq::int AS seq, payload->'data' AS data FROM job_events WHERE owner_id = ${member.ownerId} ORDER BY 1`;
  expect(events).toEqual([{ seq: 1, data: {} }]);
});

test("an account has as many keys that work as anybody tells apart, and no more", async () => {
  const api = await setup();
  const owner = api.as(await api.account());
  const answers = await Promise.allSettled(
    Array.from({ length: 102 }, (_, nth) => owner.apiKey.create({ name: `${nth}` })),
  );
  expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(100);
  const [first] = (await owner.apiKey.list()).items;
  await owner.apiKey.revoke({ apiKeyId: first?.apiKeyId ?? "" });
  expect(await owner.apiKey.create({ name: "another" })).toMatchObject({ name: "another" });
});
