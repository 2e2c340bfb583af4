import { shareHashOf } from "@darkroom/api";
import { DarkroomError } from "@darkroom/contracts";
import { sharedOutput } from "@darkroom/db";
import { answerIfUnchanged, FILE_POLICY, sendFile } from "../http/send-file.ts";
import type { AnonymousExchange, HttpParts } from "./route.ts";
import { copyAsked } from "./send-stored.ts";

/**
 * `GET /api/shares/{token}`: a picture, to whoever has the address at which it is shared. Never the file itself, in which
 * ComfyUI wrote how it was made; `width` and `format` in the query ask for a smaller copy. Browsers ask again each time, so that
 * the end of the sharing takes effect at once.
 *
 * @throws DarkroomError `NOT_FOUND`, `INPUT_INVALID` for a width or format that there is not
 */
export async function share(
  { request, response, url, params }: AnonymousExchange,
  { database, thumbnails }: Pick<HttpParts, "database" | "thumbnails">,
): Promise<void> {
  const found = await sharedOutput(database, shareHashOf(params.token ?? ""));
  if (found === null) throw new DarkroomError("NOT_FOUND", "This picture is not shared, or not any more.");
  const whole = { width: Number.POSITIVE_INFINITY, format: found.mimeType === "image/png" ? "png" : "webp" } as const;
  const copy = copyAsked(found, url.searchParams) ?? whole;
  response.setHeader("content-security-policy", FILE_POLICY);
  response.setHeader("x-robots-tag", "noindex");
  response.setHeader("cache-control", "private, no-cache");
  if (answerIfUnchanged(request, response, `"${found.sha256}-${copy.width}-${copy.format}"`)) return;
  // Whoever looks at it has no name here, so it takes its owner's turn.
  const opened = await thumbnails.open(found, copy, found.ownerId);
  response.setHeader("content-type", `image/${copy.format}`);
  response.setHeader("content-disposition", `inline; filename="darkroom.${copy.format}"`);
  await sendFile(request, response, opened);
}
