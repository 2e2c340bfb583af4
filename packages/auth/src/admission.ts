import { withDeadline } from "@darkroom/contracts";
import { type Database, readEntrances } from "@darkroom/db";

/** Who may come in at all. */
export interface Admission {
  /** False: a visitor without an account may do nothing but ask who they are, sign in and claim the admin link. */
  readonly guests: boolean;
  /** False: nobody makes an account. */
  readonly signUp: boolean;
  /** False: nobody makes an account or signs in, and open sessions do not count. API keys go on. */
  readonly accounts: boolean;
  /** False: nobody sees or fills the public gallery. What is shared by its address goes on. */
  readonly gallery: boolean;
}

export interface AdmissionControl {
  /** What the installation's settings allow: operators close what these leave open, and open nothing that these close. */
  readonly allowed: Admission;
  /** Who may come in now: what the settings allow and no operator has closed, known for at most a second. */
  now(): Promise<Admission>;
  /** An operator has just switched something here: the next question is answered from Postgres. */
  changed(): void;
}

/** How long the switches that were read are used, so that a busy process reads them once a second. */
const FRESH_MS = 1000;
/** Longest wait for them while Postgres is silent. It has more to say to the same caller, all within six seconds. */
const READ_DEADLINE_MS = 250;

/**
 * Knows how operators have switched guests, sign-ups and the gallery. While Postgres does not say, what it said last holds (at the start: open),
 * since nothing can be written without it either.
 */
export function createAdmissionControl(database: Database, allowed: Admission): AdmissionControl {
  let closed = { guests: false, signUp: false, gallery: false };
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | null = null;

  async function read(): Promise<void> {
    const { guests, signUp, gallery } = await readEntrances(database);
    closed = { guests: !guests.isOpen, signUp: !signUp.isOpen, gallery: !gallery.isOpen };
  }
  function refresh(): Promise<void> {
    const mine = withDeadline(read(), READ_DEADLINE_MS, () => undefined)
      .catch(() => undefined)
      .then(() => {
        // One that was begun before a change says nothing of it.
        if (reading !== mine) return;
        readAt = performance.now();
        reading = null;
      });
    reading = mine;
    return mine;
  }

  return {
    allowed,
    async now() {
      if (performance.now() - readAt >= FRESH_MS) await (reading ?? refresh());
      const { guests, signUp, accounts, gallery } = allowed;
      return {
        guests: guests && !closed.guests,
        signUp: signUp && !closed.signUp,
        accounts,
        gallery: gallery && !closed.gallery,
      };
    },
    changed() {
      readAt = Number.NEGATIVE_INFINITY;
      reading = null;
    },
  };
}
