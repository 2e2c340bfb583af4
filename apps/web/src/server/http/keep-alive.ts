import type { ServerResponse } from "node:http";

/** How often an idle stream is looked at. Two looks are less than the 20 s after which proxies and clients give up. */
const LOOK_MS = 9000;
/** A stream whose client has read nothing for this many looks, while something waited for it, is cut off. */
const MAX_STALLED_LOOKS = 3;
/** Proxies cut an answer of which nothing has come for 60 s, some after 30. */
const WHITE_SPACE_MS = 15_000;

/**
 * Keeps a stream of server-sent events alive while nothing happens: sends a comment, which clients ignore, at least every
 * 18 s. Cuts off a client that does not read.
 */
export function keepStreamAlive(response: ServerResponse): void {
  let sent = 0;
  let stalledLooks = 0;
  const timer = setInterval(() => {
    const { bytesWritten = 0 } = response.socket ?? {};
    stalledLooks = response.writableNeedDrain ? stalledLooks + 1 : 0;
    if (stalledLooks >= MAX_STALLED_LOOKS) response.destroy();
    // Only between events: what is written to a stream that is full could end up in the middle of one.
    else if (bytesWritten === sent && stalledLooks === 0 && response.headersSent) response.write(":\n\n");
    sent = response.socket?.bytesWritten ?? 0;
  }, LOOK_MS);
  response.once("close", () => clearInterval(timer));
}

/**
 * Sends white space, which JSON may begin with, every 15 s until the answer itself is there, which calls what this answers. Its headers
 * must be sent.
 */
export function keepAnswerAlive(response: ServerResponse): () => void {
  const timer = setInterval(() => response.write(" "), WHITE_SPACE_MS);
  const stop = () => clearInterval(timer);
  response.once("close", stop);
  return stop;
}

/** Resolves once the answer takes more, or is over. */
export function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off("drain", done);
      response.off("close", done);
      resolve();
    };
    response.once("drain", done);
    response.once("close", done);
  });
}
