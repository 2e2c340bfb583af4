import { startPatience } from "@darkroom/contracts";
import type postgres from "postgres";

/** A pool of connections in which no query waits longer than a deadline, whatever becomes of the server. */
export interface Pool {
  /** As the driver's own `sql`, and always on connections that are not known to be silent. */
  readonly sql: postgres.Sql;
  /**
   * Puts new connections in the place of all there are, because one of them was silent for a whole deadline. What is under
   * way on the others may end, for one more deadline at most.
   */
  renew(): void;
  /** Waits for queries under way, for a deadline at most, then closes every connection. */
  end(): Promise<void>;
}

/**
 * A pool on what `open` gives. `onAnswer` is told how long each query waited for its answer, or for its failure. A query that has no answer after `deadlineMs` rejects with the code `CONNECTION_LOST`, and
 * the pool is renewed. Postgres ends a slow statement itself, before the deadline; it cannot when its process is stopped,
 * and says nothing when its host or the way to it is gone: the kernel would wait a quarter of an hour for it.
 */
export function createPool(open: () => postgres.Sql, deadlineMs: number, onAnswer: (ms: number) => void): Pool {
  let current = open();
  let openedAt = performance.now();
  const closing = new Set<Promise<void>>();

  const close = (pool: postgres.Sql): Promise<void> => {
    const closed = pool.end({ timeout: deadlineMs / 1000 }).finally(() => closing.delete(closed));
    closing.add(closed);
    return closed;
  };

  const renew = (): void => {
    // Younger than the deadline it cannot be the one that was silent for so long: another query has renewed it.
    if (performance.now() - openedAt < deadlineMs) return;
    const { parsers, serializers } = current.options;
    void close(current);
    current = open();
    openedAt = performance.now();
    // A library may have put codecs of its own into the pool before.
    Object.assign(current.options.parsers, parsers);
    Object.assign(current.options.serializers, serializers);
  };

  const answered = (answer: Promise<unknown>): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const patience = startPatience(deadlineMs, () => {
        renew();
        reject(connectionLost("no answer to a query"));
      });
      const askedAt = performance.now();
      answer.then(resolve, reject).finally(() => {
        patience.end();
        onAnswer(performance.now() - askedAt);
      });
    });
  const watched = <Made>(made: Made): Made => onAwait(made, answered);

  const sql = new Proxy(current, {
    apply: (_target, _self, args: unknown[]) => watched(Reflect.apply(current, undefined, args)),
    get: (_target, name) =>
      name === "unsafe"
        ? (...args: Parameters<postgres.Sql["unsafe"]>) => watched(current.unsafe(...args))
        : Reflect.get(current, name),
  });

  return {
    sql,
    renew,
    end: async () => {
      close(current);
      await Promise.all(closing);
    },
  };
}

/** As the driver says it of a connection that closed; see `transient-error.ts`. */
export function connectionLost(message: string): Error {
  return Object.assign(new Error(message), { code: "CONNECTION_LOST" });
}

/**
 * Lets `wrap` see, and change, the answer of a query when somebody awaits it. The query stays the driver's own object,
 * because the same tag makes fragments, which other queries take in and nobody awaits; what is no query is left alone.
 */
export function onAwait<Made>(made: Made, wrap: (answer: Promise<unknown>) => Promise<unknown>): Made {
  if (!(made instanceof Promise)) return made;
  const start = made.then.bind(made);
  let answer: Promise<unknown> | undefined;
  const then: Promise<unknown>["then"] = (onAnswer, onError) => {
    answer ??= wrap(new Promise((resolve, reject) => start(resolve, reject)));
    return answer.then(onAnswer, onError);
  };
  return Object.assign(made, { then });
}
