import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** As much as passes at once: an Ethernet frame's worth, so that connections take turns as they do on a real line. */
const SLICE_BYTES = 1400;

export interface SlowLine {
  readonly url: string;
  close(): void;
}

/** A line to a local port that carries at most so much towards its clients, all their connections together. */
export async function createSlowLine(targetPort: number, bytesPerSecond: number): Promise<SlowLine> {
  const ends = new Set<Socket>();
  let turn: Promise<void> = Promise.resolve();

  async function carry(from: Socket, to: Socket): Promise<void> {
    for await (const piece of from as AsyncIterable<Buffer>) {
      for (let at = 0; at < piece.length; at += SLICE_BYTES) {
        const slice = piece.subarray(at, at + SLICE_BYTES);
        const mine = turn.then(() => sleep((slice.length / bytesPerSecond) * 1000));
        turn = mine;
        await mine;
        to.write(slice);
      }
    }
    to.end();
  }

  const server = createServer((client) => {
    const upstream = connect({ port: targetPort, host: "127.0.0.1", noDelay: true });
    client.setNoDelay(true);
    for (const end of [client, upstream]) {
      ends.add(end);
      end
        .on("error", () => undefined)
        .on("close", () => {
          ends.delete(end);
          client.destroy();
          upstream.destroy();
        });
    }
    client.pipe(upstream);
    carry(upstream, client).catch(() => client.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      for (const end of ends) end.destroy();
    },
  };
}
