import { type OwnedEvent, type OwnedTransient, ownedEventSchema, ownedTransientSchema } from "@darkroom/contracts";

const OWNER_FIRST = '{"ownerId":"';

/** The bytes of an event on its channel: JSON that begins with its owner, so that a reader can skip it unparsed. */
export function encodeEvent(owned: OwnedEvent | OwnedTransient): string {
  const { ownerId, ...rest } = owned;
  return JSON.stringify({ ownerId, ...rest });
}

/** The owner an event is for, without parsing it; null if it does not begin as `encodeEvent` writes it. */
export function peekOwner(message: Buffer): string | null {
  if (message.toString("latin1", 0, OWNER_FIRST.length) !== OWNER_FIRST) return null;
  const end = message.indexOf('"', OWNER_FIRST.length);
  return end === -1 ? null : message.toString("utf8", OWNER_FIRST.length, end);
}

function parse(message: Buffer): object | null {
  try {
    const parsed: unknown = JSON.parse(message.toString("utf8"));
    return typeof parsed === "object" ? parsed : null;
  } catch {
    return null;
  }
}

/** The event in a message; null if it is none. */
export function decodeEvent(message: Buffer): OwnedEvent | OwnedTransient | null {
  const parsed = parse(message);
  if (parsed === null) return null;
  const result = "ownerSeq" in parsed ? ownedEventSchema.safeParse(parsed) : ownedTransientSchema.safeParse(parsed);
  return result.success ? result.data : null;
}

export interface CancelRequest {
  readonly workerId: string;
  readonly jobId: string;
}

/** What `decodeCancel` reads. */
export function encodeCancel(request: CancelRequest): string {
  return JSON.stringify(request);
}

/** The request in a message; null if it is none. */
export function decodeCancel(message: Buffer): CancelRequest | null {
  const { workerId, jobId } = (parse(message) ?? {}) as Partial<Record<keyof CancelRequest, unknown>>;
  return typeof workerId === "string" && typeof jobId === "string" ? { workerId, jobId } : null;
}
