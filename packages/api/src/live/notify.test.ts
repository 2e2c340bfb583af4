import type { QueueEntry } from "@darkroom/contracts";
import { expect, test } from "vitest";
import type { Services } from "../context.ts";
import { afterCommit } from "./notify.ts";

test("workers are woken in the same round trip that adds the jobs, and after them", async () => {
  const sent: string[] = [];
  const answered = Promise.withResolvers<"ok">();
  const queue = {
    enqueue: () => {
      sent.push("enqueue");
      return answered.promise;
    },
  };
  const publisher = { wake: async () => sent.push("wake") > 0 };
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const services = { queue, publisher, log } as unknown as Pick<Services, "queue" | "publisher" | "log">;
  const entry: QueueEntry = {
    ...{ jobId: "job", ownerId: "owner", priority: "normal" },
    ...{ capabilityKey: "able", modelKey: null },
  };
  const told = afterCommit(services, { entries: [entry], events: [] });
  // The queue has not answered yet.
  expect(sent).toEqual(["enqueue", "wake"]);
  answered.resolve("ok");
  await told;
});
