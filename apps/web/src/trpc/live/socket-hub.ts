/** What a tab says to the socket that it shares. */
export type FromTab = { readonly type: "send"; readonly data: string } | { readonly type: "close" };

/** What it is told. `leads` names who answers, because another tab may take over at any moment. */
export type ToTab =
  | { readonly type: "taken"; readonly by: string }
  | { readonly type: "open" }
  | { readonly type: "message"; readonly data: string }
  | { readonly type: "close"; readonly code: number; readonly reason: string };

/** The part of a `BroadcastChannel` between one tab's end and the hub that is used here. */
export type Port = Pick<BroadcastChannel, "postMessage" | "onmessage" | "close">;

export interface SocketHub {
  /** Joins a tab to the socket, which is dialed for the first one. Returns what takes it off again. */
  connect(port: Port): () => void;
  /** Closes the socket without a word to the tabs: whoever leads now tells them. */
  close(): void;
}

interface Client {
  readonly port: Port;
  /** Ids of its subscriptions, as it gave them: the server goes on with them until it is told to stop. */
  readonly subscriptions: Set<unknown>;
}

interface Line {
  readonly socket: WebSocket;
  readonly clients: Map<string, Client>;
  /** When a PING was sent after which nothing has come yet, in ms of `performance.now`; null: it was answered. */
  pingedAt: number | null;
}

interface Message {
  readonly id?: unknown;
  readonly method?: string;
  readonly error?: unknown;
  readonly result?: { readonly type?: string };
}

function tellAll({ clients }: Line, message: ToTab): void {
  for (const { port } of clients.values()) port.postMessage(message);
}

/** A tab that leaves while its PING has been without an answer for so long has found the socket dead. */
const SILENT_MS = 2000;

/**
 * One socket for many clients of tRPC, each of which believes that it has one of its own: ids get the client's number in
 * front, and answers go to whom that number names. Each client keeps its own cursor and asks for what it missed, so nothing
 * here has to be remembered when the socket or this hub is replaced. It has no timers, because it may run in a hidden tab,
 * whose timers browsers delay by up to a minute: the tabs that are looked at send the PINGs and judge the answers.
 */
export function createSocketHub(dial: () => WebSocket, name = ""): SocketHub {
  const lines = new Set<Line>();
  /** The line for whoever comes next; null where it must be dialed first. */
  let current: Line | null = null;
  let numbers = 0;

  function openLine(): Line {
    const line: Line = { socket: dial(), clients: new Map(), pingedAt: null };
    lines.add(line);
    line.socket.addEventListener("open", () => tellAll(line, { type: "open" }));
    line.socket.addEventListener("message", ({ data }) => receive(line, String(data)));
    line.socket.addEventListener("close", ({ code, reason }) => {
      tellAll(line, { type: "close", code, reason });
      hangUp(line);
    });
    return line;
  }

  function hangUp(line: Line): void {
    for (const { port } of line.clients.values()) port.close();
    line.clients.clear();
    lines.delete(line);
    if (current === line) current = null;
  }

  function receive(line: Line, data: string): void {
    line.pingedAt = null;
    if (data === "PING") line.socket.send("PONG");
    else if (data === "PONG") tellAll(line, { type: "message", data });
    else pass(line, JSON.parse(data) as Message);
  }

  /** Gives an answer to whom it is for; what is for nobody in particular, to all. */
  function pass(line: Line, message: Message): void {
    if (typeof message.id !== "string") {
      // The server sends everybody away: those who come back get another socket.
      if (message.method === "reconnect" && current === line) current = null;
      tellAll(line, { type: "message", data: JSON.stringify(message) });
      return;
    }
    const [number = "", id] = message.id.split(".");
    const client = line.clients.get(number);
    if (message.error !== undefined || message.result?.type === "stopped") client?.subscriptions.delete(Number(id));
    client?.port.postMessage({ type: "message", data: JSON.stringify({ ...message, id: Number(id) }) } satisfies ToTab);
  }

  function send(line: Line, number: string, { subscriptions }: Client, data: string): void {
    if (data === "PING") {
      line.pingedAt ??= performance.now();
      line.socket.send(data);
      return;
    }
    const given = JSON.parse(data) as Message | readonly Message[];
    const messages = Array.isArray(given) ? (given as readonly Message[]) : [given as Message];
    for (const { id, method } of messages) {
      if (method === "subscription") subscriptions.add(id);
      if (method === "subscription.stop") subscriptions.delete(id);
    }
    line.socket.send(JSON.stringify(messages.map((message) => ({ ...message, id: `${number}.${message.id}` }))));
  }

  function leave(line: Line, number: string): void {
    const client = line.clients.get(number);
    if (client === undefined) return;
    line.clients.delete(number);
    client.port.close();
    const isSilent = line.pingedAt !== null && performance.now() - line.pingedAt > SILENT_MS;
    if (line.clients.size === 0 || isSilent) {
      if (current === line) current = null;
      line.socket.close();
    }
    if (line.socket.readyState !== WebSocket.OPEN) return;
    const stops = [...client.subscriptions].map((id) => ({ id: `${number}.${id}`, method: "subscription.stop" }));
    if (stops.length > 0) line.socket.send(JSON.stringify(stops));
  }

  return {
    connect(port) {
      current ??= openLine();
      const line = current;
      const number = String(++numbers);
      const client: Client = { port, subscriptions: new Set() };
      line.clients.set(number, client);
      port.onmessage = ({ data }: MessageEvent<FromTab>) => {
        if (data.type === "close") leave(line, number);
        else if (line.socket.readyState === WebSocket.OPEN) send(line, number, client, data.data);
      };
      port.postMessage({ type: "taken", by: name } satisfies ToTab);
      if (line.socket.readyState === WebSocket.OPEN) port.postMessage({ type: "open" } satisfies ToTab);
      return () => leave(line, number);
    },
    close() {
      for (const line of [...lines]) {
        hangUp(line);
        line.socket.close();
      }
    },
  };
}
