import { assertStorable, writeDown } from "@darkroom/api";
import { DarkroomError } from "@darkroom/contracts";
import { z } from "zod";
import { readJson } from "../http/read-json.ts";
import { replyJson } from "../http/reply.ts";
import type { Exchange, HttpParts } from "./route.ts";

const claimSchema = z.object({ token: z.string().max(200) });

/**
 * `POST /api/admin/claim` with `{ token }`, from the link that the launcher prints: makes the visitor an admin, once, which is
 * written down.
 *
 * @throws DarkroomError `INPUT_INVALID`; `FORBIDDEN` for API keys; `NOT_FOUND` for a link that is unknown, used or expired
 */
export async function claimAdmin(
  { request, response, identity, requestId }: Exchange,
  { auth, services }: HttpParts,
): Promise<void> {
  const body = await readJson(request);
  assertStorable(body);
  const claim = claimSchema.safeParse(body);
  if (!claim.success) throw new DarkroomError("INPUT_INVALID", "The body must be JSON with a token.");
  const { principal } = identity;
  await auth.claimAdmin(claim.data.token, principal);
  await writeDown({ ...services, principal, requestId }, { action: "admin.claim", input: {}, refused: null });
  replyJson(response, 200, { role: "admin" });
}
