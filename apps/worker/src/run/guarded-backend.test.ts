import { createGuardedProxy } from "@darkroom/fault-proxy";
import { expect, vi } from "vitest";
import { test } from "../testing/worker-test.ts";

const secret = "correct-horse-battery-staple";
const other = "incorrect-donkey-battery-staple";

test("a backend that asks who calls, and for a certificate, is worked on over HTTPS, and the secret stays in the worker's memory", async ({
  setup,
  onTestFinished,
}) => {
  const lines: string[] = [];
  const bench = await setup({ logTo: (line) => void lines.push(JSON.stringify(line)) });
  const proxy = await createGuardedProxy(
    bench.comfyUrl,
    { authorization: `Bearer ${secret}` },
    { wantsCertificate: true },
  );
  onTestFinished(proxy.close);
  const headers = { Authorization: `Bearer ${secret}` };
  bench.startWorker({}, [proxy.url], new Map([[proxy.url, { headers, ca: proxy.ca, client: proxy.client }]]));
  const jobId = await bench.submit();
  await bench.event(jobId, "job.succeeded");
  expect(proxy.refused).toEqual([]);
  expect(proxy.sockets()).toBe(1);

  // The password is changed at the proxy first: jobs wait, none fails.
  proxy.want({ authorization: `Bearer ${other}` });
  await vi.waitFor(() => expect(lines.join()).toContain("it does not let us in, see COMFYUI_ACCESS_FILE"));
  const waiting = await bench.submit();
  proxy.want({ authorization: headers.Authorization });
  await bench.event(waiting, "job.succeeded");
  expect(await bench.view(waiting)).toMatchObject({ attempts: 1, failure: null });

  const stored = await bench.everythingStored();
  expect(stored).toContain(jobId);
  expect(stored).toContain(new URL(proxy.url).host);
  for (const place of [stored, lines.join(), JSON.stringify([bench.durable, bench.transient])])
    for (const part of [secret, "PRIVATE KEY", "BEGIN CERTIFICATE"]) expect(place).not.toContain(part);
});
