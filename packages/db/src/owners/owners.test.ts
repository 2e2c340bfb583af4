import { newId } from "@darkroom/contracts";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createUpload, uploadFile } from "../files/uploads.ts";
import { type Setup, setup } from "../testing/setup.ts";
import { claimAdminLink, createAdminLink } from "./admin-links.ts";
import { insertApiKey, listApiKeys, revokeApiKey } from "./api-keys.ts";
import { resolveCredentials } from "./credentials.ts";
import { linkGuest, takeOverGuest } from "./guest-owners.ts";
import { ensureOwner, hasAdmin, listOwners, ownerById, ownersOfAccount, renameOwner, setRole } from "./owners.ts";

let t: Setup;
beforeAll(async () => {
  t = await setup(inject("postgresUrl"));
});
afterAll(() => t.drop());

const guest = () => ensureOwner(t.database, { ownerId: newId(), kind: "guest" });

describe("owners", () => {
  it("are made once, and keep what they are", async () => {
    const ownerId = newId();
    const made = await Promise.all(
      Array.from({ length: 10 }, () => ensureOwner(t.database, { ownerId, kind: "guest", displayName: "Ada" })),
    );
    expect(made[0]).toMatchObject({ ownerId, kind: "guest", role: "guest", displayName: "Ada", linkedTo: null });
    expect(await ensureOwner(t.database, { ownerId, kind: "account", role: "admin" })).toMatchObject({ role: "guest" });
    expect(await renameOwner(t.database, { ownerId, displayName: "Grace" })).toBe(true);
    expect(await setRole(t.database, { ownerId, role: "operator" })).toMatchObject({
      displayName: "Grace",
      role: "operator",
    });
    expect(await ownerById(t.database, "garbage")).toBeNull();
    expect((await listOwners(t.database, { limit: 1 })).items).toHaveLength(1);
  });

  it("a guest that signs up becomes the account, jobs and all, even without a row", async () => {
    const { ownerId } = await guest();
    await t.queued(ownerId);
    const accountId = newId();
    const taken = await takeOverGuest(t.database, { ownerId, accountId, displayName: "Ada" });
    expect(taken).toMatchObject({ ownerId, kind: "account", accountId, role: "member", displayName: "Ada" });
    expect(await ownersOfAccount(t.database, accountId)).toMatchObject({
      ownerId,
      ownerIds: [ownerId],
      role: "member",
    });
    const fresh = newId();
    expect(await takeOverGuest(t.database, { ownerId: fresh, accountId: newId(), displayName: null })).toMatchObject({
      ownerId: fresh,
      kind: "account",
    });
    await expect(takeOverGuest(t.database, { ownerId, accountId: newId(), displayName: null })).rejects.toThrow();
  });

  it("a guest that signs in is linked, and the account reads as both", async () => {
    const accountId = newId();
    const { ownerId: accountOwnerId } = await takeOverGuest(t.database, {
      ownerId: newId(),
      accountId,
      displayName: null,
    });
    const { ownerId: guestOwnerId } = await guest();
    expect(await linkGuest(t.database, { guestOwnerId, accountOwnerId })).toBe(true);
    expect(await ownersOfAccount(t.database, accountId)).toMatchObject({ ownerIds: [accountOwnerId, guestOwnerId] });
    const { ownerId: other } = await takeOverGuest(t.database, {
      ownerId: newId(),
      accountId: newId(),
      displayName: null,
    });
    expect(await linkGuest(t.database, { guestOwnerId, accountOwnerId: other })).toBe(false);
    expect(await linkGuest(t.database, { guestOwnerId: other, accountOwnerId })).toBe(false);
  });
});

describe("API keys", () => {
  it("stand for their owner until revoked, and are seen by their owner only", async () => {
    const { ownerId } = await ensureOwner(t.database, { ownerId: newId(), kind: "account" });
    const key = { apiKeyId: newId(), ownerId, name: "CI", prefix: "dk_1234", hash: newId(), scopes: ["read"] } as const;
    expect(await insertApiKey(t.database, key)).toMatchObject({ name: "CI", scopes: ["read"], lastUsedAt: null });
    expect(await resolveCredentials(t.database, [{ kind: "apiKey", hash: key.hash }])).toMatchObject([
      { owner: { ownerId, ownerIds: [ownerId], role: "member" }, scopes: ["read"] },
    ]);
    expect(await listApiKeys(t.database, [ownerId])).toMatchObject([{ lastUsedAt: expect.any(String) }]);
    expect(await revokeApiKey(t.database, { apiKeyId: key.apiKeyId, ownerIds: [newId()] })).toBe(false);
    expect(await revokeApiKey(t.database, { apiKeyId: key.apiKeyId, ownerIds: [ownerId] })).toBe(true);
    expect(await resolveCredentials(t.database, [{ kind: "apiKey", hash: key.hash }])).toEqual([null]);
  });
});

describe("an admin link", () => {
  it("makes one admin, once, in time", async () => {
    const owners = await Promise.all(Array.from({ length: 5 }, guest));
    const hash = newId();
    await createAdminLink(t.database, { hash, ttlSeconds: 60 });
    expect(await claimAdminLink(t.database, { hash: "other", ownerId: owners[0]?.ownerId ?? "" })).toBe(false);
    expect(await hasAdmin(t.database)).toBe(false);
    const claims = await Promise.all(owners.map(({ ownerId }) => claimAdminLink(t.database, { hash, ownerId })));
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(await hasAdmin(t.database)).toBe(true);
    await createAdminLink(t.database, { hash: "late", ttlSeconds: -1 });
    expect(await claimAdminLink(t.database, { hash: "late", ownerId: owners[0]?.ownerId ?? "" })).toBe(false);
  });
});

describe("uploads", () => {
  it("are found by their owner only", async () => {
    const { ownerId } = await guest();
    const upload = {
      uploadId: newId(),
      ownerId,
      sha256: "s",
      storageKey: "k",
      mimeType: "image/png",
      width: 1,
      height: 2,
      sizeBytes: 3,
    };
    await createUpload(t.database, upload);
    expect(await uploadFile(t.database, { uploadId: upload.uploadId, ownerIds: [ownerId] })).toMatchObject(upload);
    expect(await uploadFile(t.database, { uploadId: upload.uploadId, ownerIds: [newId()] })).toBeNull();
  });
});
