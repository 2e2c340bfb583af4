import { connect } from "node:net";
import { expect, inject, test } from "vitest";
import { isListening } from "../processes/ports.ts";

test("a test run has a Postgres of its own", async () => {
  const { port, hostname } = new URL(inject("postgresUrl"));
  expect(await isListening(Number(port), hostname)).toBe(true);
});

test("a test run has a Redis of its own", async () => {
  const { port, hostname } = new URL(inject("redisUrl"));
  const socket = connect(Number(port), hostname);
  const answer = await new Promise<string>((resolve, reject) => {
    socket.once("error", reject);
    socket.once("data", (data) => resolve(data.toString()));
    socket.write("PING\r\n");
  });
  socket.destroy();
  expect(answer).toBe("+PONG\r\n");
});
