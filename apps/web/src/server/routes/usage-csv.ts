import { pipeline } from "node:stream/promises";
import { appRouter, type UsagePage } from "@darkroom/api";
import { stringify } from "csv-stringify";
import { callContext } from "./rest.ts";
import type { Exchange, HttpParts } from "./route.ts";

/** Rows of one query. */
const PAGE = 1000;

/** The names of the columns, in the order of `usage.list`'s rows. */
const columns: readonly (keyof UsagePage["items"][number])[] = [
  ...(["ownerId", "ownerName", "apiKeyId", "apiKeyName", "succeeded", "failed", "canceled", "gpuSeconds"] as const),
  ...(["outputs", "outputBytes", "uploads", "uploadBytes", "storedBytes"] as const),
];

/**
 * `GET /api/v1/usage.csv?from=…&to=…`: every row of `usage.list` as a table, looked up while it is sent. People choose the names
 * in it, so one that a spreadsheet would take for a formula begins with an apostrophe.
 *
 * @throws TRPCError what `usage.list` throws
 */
export async function usageCsv(exchange: Exchange, parts: HttpParts): Promise<void> {
  const { request, response, url } = exchange;
  // One answer of any number of pages has no bound: no more than one page is ever held.
  const caller = appRouter.createCaller({
    ...callContext(exchange, parts),
    answerBudget: { left: Number.POSITIVE_INFINITY },
  });
  const asked = Object.fromEntries(url.searchParams);
  const first = await caller.usage.list({ ...asked, limit: PAGE });
  async function* rows() {
    for (let page = first; ; page = await caller.usage.list({ ...asked, limit: PAGE, cursor: page.nextCursor })) {
      yield* page.items;
      if (page.nextCursor === null) return;
    }
  }
  response.setHeader("content-type", "text/csv; charset=utf-8");
  response.setHeader("content-disposition", `attachment; filename="darkroom-usage-${first.from}-${first.to}.csv"`);
  response.writeHead(200);
  if (request.method === "HEAD") response.end();
  else await pipeline(rows(), stringify({ header: true, columns: [...columns], escape_formulas: true }), response);
}
