import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { createServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { createCertificate } from "./certificate.ts";

/** An HTTPS proxy that lets nobody through who does not say who they are, as one stands before servers that ask nothing. */
export interface GuardedProxy {
  /** `https://127.0.0.1:…`. */
  readonly url: string;
  /** The certificate, as PEM, of the authority that its own comes from. */
  readonly ca: string;
  /** A certificate of that authority for whoever calls. */
  readonly client: { readonly cert: string; readonly key: string };
  /** What was refused so far: `GET /queue`, or `upgrade /ws` for a socket. */
  readonly refused: readonly string[];
  /** How many sockets were let through so far. */
  sockets(): number;
  /** From now on these are asked for instead. */
  want(headers: Readonly<Record<string, string>>): void;
  close(): Promise<void>;
}

/**
 * Before the plain HTTP server at `targetUrl`. Whoever lacks one of the `headers`, by name in lower case, gets 401; with
 * `wantsCertificate` TLS fails for whoever shows no certificate of its authority.
 */
export async function createGuardedProxy(
  targetUrl: string,
  headers: Readonly<Record<string, string>>,
  { wantsCertificate = false }: { readonly wantsCertificate?: boolean } = {},
): Promise<GuardedProxy> {
  const { hostname, port } = new URL(targetUrl);
  const { cert, key, ca, client } = await createCertificate();
  const refused: string[] = [];
  const open = new Set<Duplex>();
  let wanted = headers;
  let sockets = 0;
  const isLetIn = (given: IncomingMessage): boolean =>
    Object.entries(wanted).every(([name, value]) => given.headers[name] === value);

  const server = createServer(
    { cert, key, ...(wantsCertificate && { ca, requestCert: true }) },
    (incoming, outgoing) => {
      if (!isLetIn(incoming)) {
        refused.push(`${incoming.method} ${incoming.url}`);
        outgoing.writeHead(401, { "www-authenticate": "Basic" }).end();
        incoming.resume();
        return;
      }
      const { method, url, headers } = incoming;
      const onward = request({ hostname, port, method, path: url, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      onward.on("error", () => outgoing.destroy());
      incoming.pipe(onward);
    },
  );
  server.on("upgrade", (incoming: IncomingMessage, caller: Duplex, head: Buffer) => {
    if (!isLetIn(incoming)) {
      refused.push(`upgrade ${incoming.url?.split("?")[0]}`);
      caller.end("HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n");
      return;
    }
    sockets += 1;
    const upstream = connect(Number(port), hostname);
    const lines = incoming.rawHeaders.flatMap((name, at, all) => (at % 2 === 0 ? [`${name}: ${all[at + 1]}`] : []));
    upstream.write(`${incoming.method} ${incoming.url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
    upstream.write(head);
    upstream.pipe(caller).pipe(upstream);
    for (const [end, other] of [
      [caller, upstream],
      [upstream, caller],
    ] as const)
      end.on("error", () => undefined).on("close", () => other.destroy());
  });
  server.on("secureConnection", (socket: Socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ca,
    client,
    refused,
    sockets: () => sockets,
    want: (headers) => {
      wanted = headers;
    },
    close: async () => {
      server.close();
      for (const socket of open) socket.destroy();
      await once(server, "close");
    },
  };
}
