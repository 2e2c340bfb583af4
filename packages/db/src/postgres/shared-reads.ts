import { withDeadline } from "@darkroom/contracts";

/**
 * Reads once for all who ask the same while a read is under way. Who asks is answered with what was read after they
 * asked, never with what is older, so the answer is as true as that of a read of their own.
 */
export type SharedReads = <Answer>(question: string, read: () => Promise<Answer>) => Promise<Answer>;

/** For so long the read before is waited for; one that takes longer is stuck, and what it waits for is no matter of who came later. */
const PATIENCE_MS = 200;

interface Reads {
  readonly underWay: Promise<unknown>;
  /** The one after it, for all who came meanwhile. */
  next: Promise<unknown> | null;
}

export function createSharedReads(): SharedReads {
  const reads = new Map<string, Reads>();

  const begin = <Answer>(question: string, read: () => Promise<Answer>): Promise<Answer> => {
    const underWay = read();
    const mine: Reads = { underWay, next: null };
    reads.set(question, mine);
    const end = (): void => {
      if (mine.next === null && reads.get(question) === mine) reads.delete(question);
    };
    underWay.then(end, end);
    return underWay;
  };

  return <Answer>(question: string, read: () => Promise<Answer>) => {
    const before = reads.get(question);
    if (before === undefined) return begin(question, read);
    const beginNext = () => begin(question, read);
    before.next ??= withDeadline(before.underWay, PATIENCE_MS, () => null).then(beginNext, beginNext);
    return before.next as Promise<Answer>;
  };
}
