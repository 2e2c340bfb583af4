import type { JobPriority, QueueEntry } from "@darkroom/contracts";
import type { TakeAnswer } from "@darkroom/queue";

const priorities: readonly JobPriority[] = ["high", "normal", "low"];

/** What the queue in Redis should hold, said as plainly as possible: one ring, lanes as arrays. */
export class QueueReference {
  hasEpoch = false;
  /**
   * Something in Redis was lost, so that nobody can say what its commands answer until the queue is rebuilt, emptied or
   * found whole all the same.
   */
  isDamaged = false;
  /** Owner ids, next in turn first. */
  ring: string[] = [];
  /** Waiting entries by owner and priority, next first. */
  lanes = new Map<string, QueueEntry[]>();
  /** `catalog capability` → whether such backends can run such jobs. */
  able = new Map<string, boolean>();
  /** How often a job was in turn and another one was given for its warm model. */
  passes = new Map<string, number>();
  /** The last progress of each job. */
  progress = new Map<string, { attempt: number; percent: number }>();

  /** As FLUSHALL leaves it. */
  wipe(): void {
    Object.assign(this, new QueueReference());
  }

  enqueue(entries: readonly QueueEntry[], at: "head" | "tail"): "ok" | "EPOCH_MISSING" {
    if (!this.hasEpoch) return "EPOCH_MISSING";
    for (const entry of entries) this.#add(entry, at);
    return "ok";
  }

  /** The answer for a backend without a warm model; what it gives has left the queue. */
  take(backendId: string, catalogHash: string): TakeAnswer {
    const answer = this.next(backendId, catalogHash);
    if (answer.type === "job") this.give(answer.entry);
    return answer;
  }

  /** What is in turn for the backend; nothing changes. */
  next(backendId: string, catalogHash: string): TakeAnswer {
    for (const owner of this.ring) {
      for (const entry of this.#waitingOf(owner)) {
        const { capabilityKey, jobId } = entry;
        const able = this.isAble(entry, backendId, catalogHash);
        if (able === undefined) return { type: "unknown-capability", capabilityKey, jobId };
        if (able) return { type: "job", entry };
      }
    }
    return { type: "empty" };
  }

  isAble({ capabilityKey }: QueueEntry, backendId: string, catalogHash: string): boolean | undefined {
    if (capabilityKey.startsWith("backend:")) return capabilityKey === `backend:${backendId}`;
    return this.able.get(`${catalogHash} ${capabilityKey}`);
  }

  /** Takes a job out, and gives its owner the last turn. */
  give({ jobId, ownerId }: QueueEntry): void {
    this.#drop(jobId);
    if (!this.ring.includes(ownerId)) return;
    this.ring = [...this.ring.filter((owner) => owner !== ownerId), ownerId];
  }

  remove(jobIds: readonly string[]): number {
    return jobIds.filter((jobId) => this.#drop(jobId) !== undefined).length;
  }

  promote(jobId: string): boolean {
    const entry = this.#drop(jobId);
    if (entry === undefined) return false;
    this.#add({ ...entry, priority: "high" }, "head");
    this.ring = [entry.ownerId, ...this.ring.filter((owner) => owner !== entry.ownerId)];
    return true;
  }

  clear(): number {
    const count = this.entries().length;
    this.ring = [];
    this.lanes = new Map();
    this.passes = new Map();
    return count;
  }

  rebuild(entries: readonly QueueEntry[]): boolean {
    if (this.hasEpoch) return false;
    this.clear();
    this.hasEpoch = true;
    this.isDamaged = false;
    this.enqueue(entries, "tail");
    return true;
  }

  /** As it is found in Redis. */
  adopt(found: { ring: string[]; entries: readonly QueueEntry[]; passes: Map<string, number> }): void {
    this.isDamaged = false;
    this.ring = [];
    this.lanes = new Map();
    for (const entry of found.entries) this.#add(entry, "tail");
    this.ring = found.ring;
    this.passes = found.passes;
  }

  report(jobId: string, said: { attempt: number; percent: number }): void {
    if ((this.progress.get(jobId)?.attempt ?? 0) <= said.attempt) this.progress.set(jobId, said);
  }

  entries(): QueueEntry[] {
    return this.ring.flatMap((owner) => this.#waitingOf(owner));
  }

  entry(jobId: string): QueueEntry | undefined {
    return this.entries().find((entry) => entry.jobId === jobId);
  }

  /** Job ids in the order that one backend which can run everything would get them. */
  order(): string[] {
    const rest = this.ring.map((owner) => this.#waitingOf(owner));
    const order: string[] = [];
    while (rest.length > 0) {
      const [jobs = []] = rest.splice(0, 1);
      const [first, ...others] = jobs;
      if (first !== undefined) order.push(first.jobId);
      if (others.length > 0) rest.push(others);
    }
    return order;
  }

  #waitingOf(owner: string): QueueEntry[] {
    const lane = this.lanes.get(owner) ?? [];
    return priorities.flatMap((priority) => lane.filter((entry) => entry.priority === priority));
  }

  #add(entry: QueueEntry, at: "head" | "tail"): void {
    if (this.entry(entry.jobId) !== undefined) return;
    const lane = this.lanes.get(entry.ownerId) ?? [];
    this.lanes.set(entry.ownerId, at === "head" ? [entry, ...lane] : [...lane, entry]);
    if (!this.ring.includes(entry.ownerId)) this.ring.push(entry.ownerId);
  }

  #drop(jobId: string): QueueEntry | undefined {
    const entry = this.entry(jobId);
    if (entry === undefined) return undefined;
    const { ownerId } = entry;
    const rest = (this.lanes.get(ownerId) ?? []).filter((other) => other.jobId !== jobId);
    this.lanes.set(ownerId, rest);
    this.passes.delete(jobId);
    if (rest.length === 0) this.ring = this.ring.filter((owner) => owner !== ownerId);
    return entry;
  }
}
