import { visibleOwners } from "@darkroom/api";
import { DarkroomError, idSchema } from "@darkroom/contracts";
import { outputFile } from "@darkroom/db";
import type { Exchange, HttpParts } from "./route.ts";
import { sendStored } from "./send-stored.ts";

/**
 * `GET /api/outputs/{outputId}`: an output, to those who may see it; see {@link sendStored}.
 *
 * @throws DarkroomError `NOT_FOUND`
 */
export async function output(
  exchange: Exchange,
  parts: Pick<HttpParts, "database" | "storage" | "thumbnails">,
): Promise<void> {
  const id = idSchema.safeParse(exchange.params.outputId);
  const ownerIds = visibleOwners(exchange.identity.principal);
  const found = id.success ? await outputFile(parts.database, { outputId: id.data, ownerIds }) : null;
  if (found === null) throw new DarkroomError("NOT_FOUND", "There is no such output.");
  await sendStored(exchange, parts, { ...found, id: found.outputId });
}
