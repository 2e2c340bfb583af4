import { createGuardedProxy, type GuardedProxy } from "@darkroom/fault-proxy";
import { createSimulator } from "@darkroom/simulator";
import { paintingGraph } from "@darkroom/simulator/testing";
import { expect, onTestFinished, test } from "vitest";
import type { ComfyAccess } from "./access.ts";
import { type ComfyClient, createComfyClient } from "./client.ts";

const headers = { authorization: "Bearer correct horse", "x-tenant": "battery staple" };

async function setup(
  access: (proxy: GuardedProxy) => ComfyAccess,
  options: { readonly wantsCertificate?: boolean } = {},
): Promise<{ proxy: GuardedProxy; client: ComfyClient }> {
  const simulator = await createSimulator({ speed: 20 });
  const proxy = await createGuardedProxy(simulator.url, headers, options);
  const client = createComfyClient({ baseUrl: proxy.url, access: access(proxy) });
  onTestFinished(async () => {
    await client.close();
    await proxy.close();
    await simulator.close();
  });
  return { proxy, client };
}

test("headers and authority go with every request and every socket, also one in another client's name", async () => {
  const { proxy, client } = await setup(({ ca }) => ({ headers, ca, client: null }));
  await client.connect();
  const line = client.listenAs("a client that is gone");
  await line.connect();
  const promptId = crypto.randomUUID();
  const subscription = client.subscribe(promptId);
  await client.submit({ graph: paintingGraph(), promptId });
  for (let type = ""; type !== "end"; type = (await subscription.next()).value?.type ?? "end");
  const found = await client.locate(promptId);
  if (found.where !== "ended") throw new Error(`the prompt is ${found.where}`);
  const [file] = found.entry.outputs;
  if (file === undefined) throw new Error("it made nothing");
  const { body } = await client.view(file);
  expect((await new Response(body).arrayBuffer()).byteLength).toBe(Number((await client.view(file)).sizeBytes));
  await client.uploadImage({ name: "a.png", data: Buffer.from("a picture") });
  expect(proxy.refused).toEqual([]);
  expect(proxy.sockets()).toBe(2);
  await line.close();
});

test("a wrong token is told as what the proxy answered, without the token", async () => {
  const { proxy, client } = await setup(({ ca }) => ({
    headers: { ...headers, authorization: "Bearer wrong" },
    ca,
    client: null,
  }));
  await expect(client.systemStats()).rejects.toMatchObject({ code: "COMFY_PROTOCOL", status: 401 });
  const failure = await client.connect().catch((error: Error) => error);
  expect(failure).toMatchObject({ code: "COMFY_UNREACHABLE", message: expect.stringContaining("401") });
  expect(JSON.stringify([failure, String(failure), (failure as Error).cause])).not.toMatch(/wrong|staple/);
  expect(proxy.refused).toEqual(["GET /system_stats", "upgrade /ws"]);
});

test("a certificate of an authority that was not named is no server of ours: nothing is sent to it", async () => {
  const { proxy, client } = await setup(() => ({ headers, ca: null, client: null }));
  await expect(client.systemStats()).rejects.toMatchObject({ code: "COMFY_UNREACHABLE" });
  await expect(client.connect()).rejects.toMatchObject({ code: "COMFY_UNREACHABLE" });
  expect(proxy.refused).toEqual([]);
  expect(proxy.sockets()).toBe(0);
});

test("a server that wants a certificate of its callers is shown ours, with every request and socket", async () => {
  const access = ({ ca, client }: GuardedProxy): ComfyAccess => ({ headers, ca, client });
  const { proxy, client } = await setup(access, { wantsCertificate: true });
  await client.connect();
  expect(await client.systemStats()).toMatchObject({ devices: expect.any(Array) });
  await client.uploadImage({ name: "a.png", data: Buffer.from("a picture") });
  expect(proxy.sockets()).toBe(1);
});

test.each<[string, (other: GuardedProxy) => ComfyAccess["client"]]>([
  ["no certificate", () => null],
  ["one of another authority", ({ client }) => client],
])(
  "a server that wants a certificate and is shown %s lets nothing through, and no error has the key",
  async (_, shown) => {
    const other = await createGuardedProxy("http://127.0.0.1:1", {});
    onTestFinished(() => other.close());
    const access = ({ ca }: GuardedProxy): ComfyAccess => ({ headers, ca, client: shown(other) });
    const { proxy, client } = await setup(access, { wantsCertificate: true });
    const failures = await Promise.all(
      [client.systemStats(), client.connect()].map((call) => call.catch((e: Error) => e)),
    );
    for (const failure of failures) {
      expect(failure).toMatchObject({ code: "COMFY_UNREACHABLE" });
      expect(JSON.stringify([failure, String(failure), (failure as Error).cause])).not.toMatch(/PRIVATE KEY|BEGIN/);
    }
    expect(proxy.refused).toEqual([]);
    expect(proxy.sockets()).toBe(0);
  },
);
