import { createECDH } from "node:crypto";
import { apiKeyScopes } from "@darkroom/contracts";
import { planDeliveries } from "@darkroom/db";
import { expect, test } from "vitest";
import { webhookSecretOf } from "../access/webhook-secret.ts";
import { setup } from "../testing/setup.ts";

const picture = { workflow: "picture", inputs: { prompt: "a pier" } };

test("a webhook's secret is shown when it is made and when it is made anew, and is stored nowhere", async () => {
  const api = await setup();
  const owner = api.as(await api.account());
  const { secret, ...webhook } = await owner.webhook.create({ url: "https://example.com/hook" });
  expect(secret).toBe(webhookSecretOf({ webhookId: webhook.webhookId, rotation: 0 }, api.webhookKey));
  expect((await owner.webhook.list()).items).toEqual([webhook]);
  const { webhookId } = webhook;
  const changed = await owner.webhook.update({ webhookId, events: ["job.failed"], enabled: false });
  expect(changed).toEqual({ ...webhook, events: ["job.failed"], enabled: false, secret: null });
  const rotated = await owner.webhook.update({ webhookId, events: null, rotateSecret: true });
  expect(rotated.secret).toMatch(/^whsec_/);
  expect(rotated.secret).not.toBe(secret);
  expect(JSON.stringify(await api.database.sql`SELECT * FROM webhooks`)).not.toContain(secret?.slice(6));
  expect(await owner.webhook.remove({ webhookId })).toEqual({ webhookId, removed: true });
});

test("workflows are named by slug or id and kept by slug, and one that there is not is refused with its place", async () => {
  const api = await setup();
  const owner = api.as(await api.account());
  const { workflowId } = await owner.workflow.byId({ workflow: "picture" });
  const url = "https://example.com/hook";
  const { webhookId, workflows } = await owner.webhook.create({ url, workflows: [workflowId] });
  expect(workflows).toEqual(["picture"]);
  const refused = {
    cause: { code: "WORKFLOW_NOT_FOUND", fields: [{ path: "workflows.1", message: "does not exist" }] },
  };
  await expect(owner.webhook.update({ webhookId, workflows: ["picture", "nope"] })).rejects.toMatchObject(refused);
  expect(await owner.webhook.update({ webhookId, workflows: null })).toMatchObject({ workflows: null });
});

test("nobody reaches another's webhooks and deliveries, guests have none, and keys need their scopes", async () => {
  const api = await setup();
  const principal = await api.account();
  const [owner, stranger] = [api.as(principal), api.as(await api.account("operator"))];
  const { webhookId } = await owner.webhook.create({ url: "https://example.com/hook" });
  await owner.job.submit(picture);
  await planDeliveries(api.database);
  const { items } = await owner.webhook.deliveries({ webhookId });
  expect(items).toMatchObject([{ type: "job.queued", state: "waiting", attempts: 0, request: null }]);
  const deliveryId = items[0]?.deliveryId ?? "";
  expect(await owner.webhook.redeliver({ deliveryId })).toEqual({ deliveryId, state: "waiting" });
  const missing = { code: "NOT_FOUND" };
  await expect(stranger.webhook.deliveries({ webhookId })).rejects.toMatchObject(missing);
  await expect(stranger.webhook.redeliver({ deliveryId })).rejects.toMatchObject(missing);
  await expect(stranger.webhook.update({ webhookId, enabled: false })).rejects.toMatchObject(missing);
  await expect(stranger.webhook.remove({ webhookId })).rejects.toMatchObject(missing);
  expect((await stranger.webhook.list()).items).toEqual([]);
  await expect(api.as(api.guest()).webhook.list()).rejects.toMatchObject({ code: "FORBIDDEN" });
  const reader = api.as({ ...principal, kind: "apiKey", scopes: apiKeyScopes.filter((scope) => scope === "read") });
  await expect(reader.webhook.remove({ webhookId })).rejects.toMatchObject({ code: "FORBIDDEN" });
});

test.each(["ftp://example.com", "https://me:secret@example.com/", "example.com"])(
  "the address %s is refused",
  async (url) => {
    const api = await setup();
    await expect(api.as(await api.account()).webhook.create({ url })).rejects.toMatchObject({ code: "BAD_REQUEST" });
  },
);

test("an address in a private network is refused where it is given, in the words of when it is called", async () => {
  const api = await setup();
  const owner = api.as(await api.account());
  const refused = {
    cause: { code: "INPUT_INVALID", fields: [{ path: "url", message: "must lead to a public address" }] },
  };
  await expect(owner.webhook.create({ url: "http://10.0.0.1/hook" })).rejects.toMatchObject(refused);
  const { webhookId } = await owner.webhook.create({ url: "https://example.com/hook" });
  await expect(owner.webhook.update({ webhookId, url: "http://10.0.0.1/hook" })).rejects.toMatchObject(refused);
  const p256dh = createECDH("prime256v1").generateKeys("base64url");
  const push = { endpoint: "http://10.0.0.1/push", keys: { p256dh, auth: "A".repeat(22) } };
  await expect(owner.push.subscribe(push)).rejects.toThrow("endpoint must lead to a public address.");
});

test("alerts are for operators, and who may not hear them is told so by the webhook's making and its change", async () => {
  const api = await setup();
  const url = "https://example.com/hook";
  const refused = {
    cause: { code: "FORBIDDEN", fields: [{ path: "events.1", message: "needs the role operator" }] },
  };
  const events = ["job.failed", "alert.raised"] as const;
  const member = api.as(await api.account());
  await expect(member.webhook.create({ url, events: [...events] })).rejects.toMatchObject(refused);
  const { webhookId } = await member.webhook.create({ url });
  await expect(member.webhook.update({ webhookId, events: [...events] })).rejects.toMatchObject(refused);
  const operator = api.as(await api.account("operator"));
  expect(await operator.webhook.create({ url, events: [...events] })).toMatchObject({ events });
});
