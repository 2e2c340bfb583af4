import type { Database } from "@darkroom/db";
import { deepCursor, heavyOwner } from "@darkroom/db/testing";
import { createGateway, keyHolder } from "../../apps/web/src/server/testing/gateway.ts";

const PAGE = 30;

export interface ListOverHttp {
  /** Each page by name: asks for it and resolves, once the whole answer is there, with the milliseconds since. */
  readonly pages: Readonly<Record<string, () => Promise<number>>>;
  close(): Promise<void>;
}

/** `job.list` of the owner with the most jobs, as a program with a key asks it of a gateway on a database that `fillJobs` has filled. */
export async function listOverHttp(
  database: Database,
  { databaseUrl, redisUrl }: { readonly databaseUrl: string; readonly redisUrl: string },
): Promise<ListOverHttp> {
  const { key, apiKeyId } = await keyHolder(database, ["read"]);
  await database.sql`UPDATE api_keys SET owner_id = ${heavyOwner} WHERE id = ${apiKeyId}`;
  const deep = await deepCursor(database, [heavyOwner]);
  const gateway = await createGateway({ databaseUrl, redisUrl });
  await gateway.start();
  const page = (cursor: string | null) => async (): Promise<number> => {
    const input = encodeURIComponent(JSON.stringify({ limit: PAGE, ...(cursor === null ? {} : { cursor }) }));
    const askedAt = performance.now();
    const answer = await fetch(`${gateway.url}/api/trpc/job.list?input=${input}`, {
      headers: { authorization: `Bearer ${key}` },
    });
    const body = (await answer.json()) as { result?: { data: { items: unknown[] } } };
    const ms = performance.now() - askedAt;
    if (body.result?.data.items.length !== PAGE) throw new Error(`no full page: ${JSON.stringify(body).slice(0, 300)}`);
    return ms;
  };
  return {
    pages: { "own, page 1": page(null), "own, page 1000": page(deep) },
    close: () => gateway.close(),
  };
}
