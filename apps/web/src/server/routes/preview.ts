import { visibleOwners } from "@darkroom/api";
import { DarkroomError, idSchema } from "@darkroom/contracts";
import { attemptAtWork } from "@darkroom/db";
import type { Exchange, HttpParts } from "./route.ts";

/**
 * `GET /api/jobs/{jobId}/preview`: the newest preview of the attempt that runs, as JPEG; 204 while there is none.
 *
 * @throws DarkroomError `NOT_FOUND` for a job that the caller may not see
 */
export async function preview(
  { response, identity, params }: Exchange,
  { database, publisher }: HttpParts,
): Promise<void> {
  const id = idSchema.safeParse(params.jobId);
  const ownerIds = visibleOwners(identity.principal);
  const work = id.success ? await attemptAtWork(database, { jobId: id.data, ownerIds }) : null;
  if (work === null || !id.success) throw new DarkroomError("NOT_FOUND", "There is no such job.");
  const { attempt } = work;
  // By attempt, because what an earlier one left in Redis is not what is being made now.
  const image = attempt === null ? null : await publisher.getPreview(id.data, { attempt });
  if (image === null) {
    // Not 404: a picture that a page shows may be gone a moment later, and browsers write every 404 to the console.
    response.writeHead(204).end();
    return;
  }
  response.writeHead(200, { "content-type": "image/jpeg", "content-length": image.byteLength });
  response.end(image);
}
