import { DarkroomError } from "@darkroom/contracts";
import { lockFeed } from "../feed/append-events.ts";
import type { Database } from "../postgres/client.ts";
import { isUuid } from "../postgres/sql.ts";
import { inTransaction } from "../postgres/transaction.ts";
import { isInUse } from "./in-use.ts";

/**
 * Removes an upload; its file is left to the sweep. False if there is none among those of `ownerIds` (null: anyone's, for
 * operators).
 *
 * @throws DarkroomError `JOB_NOT_ENDED` if a job that has not ended takes it as its input.
 */
export async function removeUpload(
  database: Database,
  { uploadId, ownerIds }: { uploadId: string; ownerIds: readonly string[] | null },
): Promise<boolean> {
  if (!isUuid(uploadId)) return false;
  return inTransaction(database, async (tx) => {
    const [upload] = await tx<{ ownerId: string }[]>`SELECT owner_id AS "ownerId" FROM uploads WHERE id = ${uploadId}`;
    if (upload === undefined || (ownerIds !== null && !ownerIds.includes(upload.ownerId))) return false;
    const { ownerId } = upload;
    // Its owner's submits wait until this is done: none of them can come to take the upload meanwhile.
    await lockFeed(tx, ownerId);
    if (await isInUse(tx, { ownerId, key: "uploadId", ids: [uploadId] })) {
      const message = "A job that has not ended takes this upload. Cancel that job, or wait until it has ended.";
      throw new DarkroomError("JOB_NOT_ENDED", message);
    }
    const removed = await tx`DELETE FROM uploads WHERE id = ${uploadId} RETURNING id`;
    return removed.length > 0;
  });
}
