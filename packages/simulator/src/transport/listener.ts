import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A server's port, which can be given up for a while. */
export interface Listener {
  readonly port: number;
  /** Cuts every connection and refuses new ones until `open`. */
  shut(): void;
  /** Takes the same port again. Nothing happens if it is open. */
  open(): Promise<void>;
  close(): Promise<void>;
}

/** Throws if the port is taken. */
export async function listen(server: Server, port: number, host: string): Promise<Listener> {
  const listening = async (wanted: number): Promise<void> => {
    server.listen(wanted, host);
    await once(server, "listening");
  };
  await listening(port);
  const { port: bound } = server.address() as AddressInfo;
  let closed = false;

  function shut(): Promise<void> {
    const ended = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    return ended;
  }

  return {
    port: bound,
    shut: () => void shut(),
    async open() {
      if (!closed && !server.listening) await listening(bound);
    },
    close() {
      closed = true;
      return shut();
    },
  };
}
