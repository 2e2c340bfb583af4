import { appRouter, errorFacts } from "@darkroom/api";
import { nodeHTTPRequestHandler } from "@trpc/server/adapters/node-http";
import { MAX_BODY_BYTES } from "../http/read-json.ts";
import type { Exchange, HttpParts } from "./route.ts";

/** `/api/trpc/*`: tRPC over HTTP and server-sent events. A caller who leaves ends what it asked for. */
export async function trpc({ request, response, url, identity }: Exchange, parts: HttpParts): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  await nodeHTTPRequestHandler({
    router: appRouter,
    req: request,
    res: response,
    path: url.pathname.slice("/api/trpc/".length),
    maxBodySize: MAX_BODY_BYTES,
    createContext: () => parts.createContext(request, identity, gone.signal),
    responseMeta: ({ errors }) => {
      const waits = errors.map((error) => errorFacts(error).retryAfterSeconds ?? 0);
      const longest = Math.ceil(Math.max(0, ...waits));
      return longest > 0 ? { headers: { "retry-after": String(longest) } } : {};
    },
    onError: ({ error, path }) => {
      if (errorFacts(error).code === "INTERNAL") parts.log.error({ err: error, path }, "procedure failed");
    },
  });
}
