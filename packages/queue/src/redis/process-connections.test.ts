import { expect, inject, onTestFinished, test, vi } from "vitest";
import { connectProcess } from "./process-connections.ts";

test("what answers there is asked about again if the process was too busy with its start to hear the answer", async () => {
  const ignore = () => undefined;
  const { commands, subscriber } = connectProcess(inject("redisUrl"), {
    ...{ name: "busy", onError: ignore, onAnswer: ignore, refuse: ignore },
  });
  onTestFinished(() => {
    for (const redis of [commands, subscriber]) redis.disconnect();
  });
  const asked = vi.spyOn(commands, "info");
  // Longer than a command may take: its time is over before its answer is read.
  commands.once("ready", () => {
    const until = performance.now() + 1100;
    while (performance.now() < until);
  });
  const answers = () =>
    asked.mock.settledResults.filter((_, nth) => String(asked.mock.calls[nth]) === "cluster").map(({ value }) => value);
  await vi.waitFor(() => expect(answers().at(-1)).toContain("cluster_enabled:0"), { timeout: 5000 });
  expect(answers()[0]).toMatchObject({ message: "Command timed out" });
});
