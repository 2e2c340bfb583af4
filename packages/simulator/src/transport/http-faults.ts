import type { IncomingMessage, ServerResponse } from "node:http";
import type { Site } from "../site/site.ts";

/** What becomes of a request before it is looked at: nothing, a cut connection, or a status. */
export type Fate = "none" | "cut" | number;

const never = new AbortController().signal;
const chunksPerSecond = 20;

/** Waits as long as the faults for this path make it wait. */
export async function suffer({ faults, clock }: Site, pathname: string): Promise<Fate> {
  const path = pathname.replace(/^\/api(?=\/)/, "");
  const fits = (fault: { readonly path?: string | undefined }): boolean =>
    fault.path === undefined || path.startsWith(fault.path);
  const hang = faults.strike("hang", fits);
  if (hang !== null) {
    await hang.lifted;
    return "cut";
  }
  const delay = faults.strike("delay", fits);
  if (delay !== null) await clock.sleep(delay.fault.ms, never);
  return faults.strike("fail", fits)?.fault.status ?? "none";
}

/** The body, as slow and as far as the faults let a download go. */
export async function sendBody(
  body: Buffer,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { faults, clock }: Site,
): Promise<void> {
  const isDownload = /^(\/api)?\/view\?/.test(incoming.url ?? "");
  const cut = isDownload ? faults.strike("cutDownload") : null;
  const slow = isDownload ? faults.strike("slowDownload") : null;
  const sent = cut === null ? body : body.subarray(0, cut.fault.afterBytes);
  if (slow === null && cut === null) return void outgoing.end(sent);
  const size = slow === null ? sent.length : Math.max(1, Math.ceil(slow.fault.bytesPerSecond / chunksPerSecond));
  outgoing.flushHeaders();
  for (let at = 0; at < sent.length && !outgoing.destroyed; at += size) {
    const chunk = sent.subarray(at, at + size);
    if (slow !== null) await clock.sleep((1000 * chunk.length) / slow.fault.bytesPerSecond, never);
    await new Promise<void>((resolve) => void outgoing.write(chunk, () => resolve()));
  }
  if (cut === null) outgoing.end();
  else incoming.socket.destroy();
}
