import { eventText, seesBackends } from "@darkroom/api";
import type { Principal } from "@darkroom/contracts";
import { type Delivery, encodeCursor } from "@darkroom/queue";

/**
 * Frames of deliveries that readers still take. Those of one feed get the same delivery, and their clients have mostly given
 * their subscriptions the same id, so a thousand sockets share one frame. By the id, and by what may be seen.
 */
const frames = new WeakMap<Delivery, Map<string, Buffer>>();

/** A delivery as tRPC's message, whole as it goes over the wire. `head`: how the message begins, with the subscription's id. */
export function frameOf(delivery: Delivery, head: string, principal: Principal): Buffer {
  const known = frames.get(delivery) ?? new Map<string, Buffer>();
  frames.set(delivery, known);
  const key = seesBackends(principal) ? head : `guest ${head}`;
  const frame = known.get(key) ?? textFrame(messageOf(delivery, head, principal));
  known.set(key, frame);
  return frame;
}

/** As tRPC writes a `tracked` value. */
function messageOf({ cursor, events }: Delivery, head: string, principal: Principal): string {
  const id = JSON.stringify(encodeCursor(cursor));
  const texts = events.map((event) => eventText(principal, event));
  return `${head}"result":{"type":"data","id":${id},"data":{"id":${id},"data":{"events":[${texts.join(",")}]}}}}`;
}

/**
 * A text message as one frame of the WebSocket protocol (RFC 6455, 5.2): final, not masked, not compressed. Written here, and
 * not by `ws`, because `ws` builds a header for each socket and writes it apart from what follows.
 */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const start = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(start + length);
  frame[0] = 0x81;
  if (start === 2) frame[1] = length;
  else if (start === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, start);
  return frame;
}
