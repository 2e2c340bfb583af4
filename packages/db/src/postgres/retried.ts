import { classify } from "./transient-error.ts";

/** How often a transaction runs at most, if others' transactions keep getting in its way. */
const TRIES = 3;

/** Answers what `write` answers, which is called up to three times if Postgres rolls it back because of others. */
export async function retried<T>(write: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await write();
    } catch (error) {
      if (tries >= TRIES || classify(error) !== "retry") throw error;
    }
  }
}
