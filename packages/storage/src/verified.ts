import { createHash } from "node:crypto";
import { type Readable, Transform } from "node:stream";
import { addressOf, FileDamaged } from "./storage.ts";

/** The stream, which ends with an error if its bytes are not those that its key names. A variant passes as it is. */
export function verified(stream: Readable, storageKey: string): Readable {
  const sha256 = addressOf(storageKey);
  if (sha256 === null) return stream;
  const hash = createHash("sha256");
  const check = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      hash.update(chunk);
      done(null, chunk);
    },
    flush: (done) => done(hash.digest("hex") === sha256 ? null : new FileDamaged(storageKey)),
  });
  stream.once("error", (error) => check.destroy(error));
  check.once("close", () => stream.destroy());
  return stream.pipe(check);
}
