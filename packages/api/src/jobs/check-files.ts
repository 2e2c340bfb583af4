import {
  DarkroomError,
  type InputValues,
  isImageInput,
  mediaOfKind,
  mediaOfType,
  mediaWords,
  type Parameter,
  type Principal,
} from "@darkroom/contracts";
import { type Database, keepForJob, outputFile, uploadFile } from "@darkroom/db";

/** Refuses inputs that name an upload or output that is not the principal's, or that is not what the parameter takes. */
export async function assertOwnFiles(
  { database, principal }: { database: Database; principal: Principal },
  job: { parameters: readonly Parameter[]; inputs: InputValues; fieldPrefix: string },
): Promise<void> {
  const { ownerIds } = principal;
  for (const { name, kind } of job.parameters) {
    const value = job.inputs[name];
    if (!isImageInput(value)) continue;
    const path = `${job.fieldPrefix}.${name}`;
    const file =
      "uploadId" in value
        ? await uploadFile(database, { uploadId: value.uploadId, ownerIds })
        : await outputFile(database, { outputId: value.outputId, ownerIds });
    const isThere = file !== null && (!("uploadId" in value) || (await keepForJob(database, value.uploadId)));
    if (!isThere) {
      const what = "uploadId" in value ? "upload" : "output";
      throw new DarkroomError("NOT_FOUND", `There is no such ${what}.`, {
        fields: [{ path, message: `no such ${what}` }],
      });
    }
    const media = mediaOfKind(kind) ?? "image";
    if (mediaOfType(file.mimeType) !== media) {
      throw new DarkroomError("INPUT_INVALID", `Only a ${mediaWords[media]} can be used here.`, {
        fields: [{ path, message: `is not a ${mediaWords[media]}` }],
      });
    }
  }
}
