import { pageRequest } from "../page-request.ts";
import { keyOf } from "./query-key.ts";

/** A query of the API that a page begins with, and the key that the page's hook keeps its answer by. */
export interface FirstQuery {
  readonly path: string;
  readonly input: unknown;
  readonly key: readonly unknown[];
  /** Whether it is the first page of an endless list. */
  readonly isPaged: boolean;
}

/** What was answered, as the hooks keep it, and when (ms). */
export interface FirstAnswer {
  readonly key: readonly unknown[];
  readonly answer: unknown;
  readonly at: number;
}

/** A query as tRPC's hooks keep it. */
export function firstQuery(path: string, input?: unknown): FirstQuery {
  return { path, input, key: keyOf(path.split("."), input, "query"), isPaged: false };
}

/** The first page of an endless list, as tRPC's hooks keep it. */
export function firstPage(path: string, input: Readonly<Record<string, unknown>>): FirstQuery {
  return { path, input, key: keyOf(path.split("."), input, "infinite"), isPaged: true };
}

/** The first page of a list of jobs, as `useJobs` and `useHistory` keep it under `name`. */
export function firstJobs(name: "jobs" | "history", input: Readonly<Record<string, unknown>>): FirstQuery {
  return { path: "job.list", input, key: [name, input], isPaged: true };
}

/** The jobs of a batch, as `useBatch` keeps them. */
export function firstBatch(batchId: string): FirstQuery {
  return {
    path: "job.list",
    input: { batchId, limit: 100 },
    key: ["batch", batchId],
    isPaged: false,
  };
}

/**
 * Asks on the server, as the visitor, what a page shows first, so that it arrives with it. What is refused or cannot be
 * answered is left out: the page asks for it again in the browser, and says there what is wrong.
 */
export async function answerFirst(queries: readonly FirstQuery[]): Promise<FirstAnswer[]> {
  const ask = pageRequest.getStore()?.ask;
  if (ask == null) return [];
  const asked = await Promise.allSettled(
    queries.map(async ({ path, input, key, isPaged }) => {
      const answer = await ask(path, input);
      return { key, answer: isPaged ? { pages: [answer], pageParams: [null] } : answer, at: Date.now() };
    }),
  );
  return asked.flatMap((answered) => (answered.status === "fulfilled" ? [answered.value] : []));
}

/** An answer alone, for what decides which queries come next; undefined where it is refused. */
export async function askFirst<Answer>({ path, input }: FirstQuery): Promise<Answer | undefined> {
  const ask = pageRequest.getStore()?.ask;
  return (await ask?.(path, input).catch(() => undefined)) as Answer | undefined;
}
