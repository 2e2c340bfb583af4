import { z } from "zod";
import { named, pageOf, time } from "./components.ts";

const upload = {
  uploadId: z.string(),
  mimeType: z.string(),
  width: z.int().nullable(),
  height: z.int().nullable(),
  sizeBytes: z.int(),
};
/** The answer to an upload, which is no procedure. */
export const uploaded = named("Uploaded", z.object(upload));
export const uploadPage = pageOf(
  "UploadPage",
  z.object({
    ...upload,
    createdAt: time,
    expiresAt: time.nullable(),
    url: z.string(),
    thumbnailUrl: z.string().nullable(),
  }),
);
export const removedUpload = named("RemovedUpload", z.object({ uploadId: z.string(), removed: z.literal(true) }));
