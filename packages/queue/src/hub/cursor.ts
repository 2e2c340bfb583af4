/** Owner id → `ownerSeq` of the last durable event that was delivered. */
export type Cursor = Readonly<Record<string, number>>;

// A cursor comes from the client: more owners than any principal has is garbage, not a cursor.
const MAX_LENGTH = 16_384;

/** The opaque form of a cursor: what a client keeps and gives back. Never empty, safe in a URL. */
export function encodeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor), "utf8").toString("base64url");
}

/**
 * The cursor behind its opaque form; null for anything that is not one. It does not say whose owners they are:
 * whoever asks must compare them with the principal's.
 */
export function decodeCursor(text: string): Cursor | null {
  if (text.length === 0 || text.length > MAX_LENGTH) return null;
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
  } catch {
    return null;
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return null;
  // No prototype: an owner id from outside must not reach `__proto__`.
  const cursor: Record<string, number> = Object.create(null);
  for (const [ownerId, seq] of Object.entries(parsed)) {
    if (!Number.isSafeInteger(seq) || seq < 0) return null;
    cursor[ownerId] = seq;
  }
  return cursor;
}
