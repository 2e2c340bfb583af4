import { openApiDocument, publishedWorkflows } from "@darkroom/api";
import { docsHtml } from "../http/docs-html.ts";
import { replyJson } from "../http/reply.ts";
import { callContext } from "./rest.ts";
import type { Exchange, HttpParts } from "./route.ts";

/** `GET /api/openapi.json`: what REST takes and answers, with the inputs of each published workflow. */
export async function openApi(exchange: Exchange, parts: HttpParts): Promise<void> {
  const workflows = await publishedWorkflows({ ...callContext(exchange, parts), enter: undefined });
  replyJson(exchange.response, 200, openApiDocument(workflows));
}

/** `GET /api/docs`: the same document for people. It is one page without scripts. */
export async function docsPage(exchange: Exchange, parts: HttpParts): Promise<void> {
  const { response } = exchange;
  const workflows = await publishedWorkflows({ ...callContext(exchange, parts), enter: undefined });
  response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
  response.end(docsHtml(openApiDocument(workflows)));
}
