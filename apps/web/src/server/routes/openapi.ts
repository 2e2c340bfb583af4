import { createHash } from "node:crypto";
import { openApiDocument, publishedWorkflows } from "@darkroom/api";
import { docsHtml } from "../http/docs-html.ts";
import { answerIfUnchanged } from "../http/send-file.ts";
import { callContext } from "./rest.ts";
import type { Exchange, HttpParts } from "./route.ts";

/** `GET /api/openapi.json`: what REST takes and answers, with the inputs of each published workflow. */
export async function openApi(exchange: Exchange, parts: HttpParts): Promise<void> {
  const workflows = await publishedWorkflows({ ...callContext(exchange, parts), enter: undefined });
  send(exchange, "application/json", JSON.stringify(openApiDocument(workflows)));
}

/** `GET /api/docs`: the same document for people. It is one page without scripts. */
export async function docsPage(exchange: Exchange, parts: HttpParts): Promise<void> {
  const workflows = await publishedWorkflows({ ...callContext(exchange, parts), enter: undefined });
  send(exchange, "text/html", docsHtml(openApiDocument(workflows)));
}

/** Sends a text with a tag of its content, or that the caller has it already: it is long, and seldom changes. */
function send({ request, response }: Exchange, type: string, text: string): void {
  const hash = createHash("sha256").update(text).digest("base64url");
  // Kept by the caller alone, because it has the workflows that this caller may use.
  response.setHeader("cache-control", "private, no-cache");
  if (answerIfUnchanged(request, response, `"${hash}"`)) return;
  response.writeHead(200, { "content-type": `${type}; charset=utf-8` }).end(text);
}
