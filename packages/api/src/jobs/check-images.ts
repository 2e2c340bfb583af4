import { DarkroomError, type InputValues, isImageInput, type Parameter, type Principal } from "@darkroom/contracts";
import { type Database, outputFile, uploadFile } from "@darkroom/db";

/** Refuses inputs that name an upload or output that is not the principal's, or that is no picture. */
export async function assertOwnImages(
  { database, principal }: { database: Database; principal: Principal },
  job: { parameters: readonly Parameter[]; inputs: InputValues; fieldPrefix: string },
): Promise<void> {
  const { ownerIds } = principal;
  for (const { name } of job.parameters) {
    const value = job.inputs[name];
    if (!isImageInput(value)) continue;
    const path = `${job.fieldPrefix}.${name}`;
    const file =
      "uploadId" in value
        ? await uploadFile(database, { uploadId: value.uploadId.toLowerCase(), ownerIds })
        : await outputFile(database, { outputId: value.outputId.toLowerCase(), ownerIds });
    if (file === null) {
      const what = "uploadId" in value ? "upload" : "output";
      throw new DarkroomError("NOT_FOUND", `There is no such ${what}.`, {
        fields: [{ path, message: `no such ${what}` }],
      });
    }
    if (!file.mimeType.startsWith("image/")) {
      throw new DarkroomError("INPUT_INVALID", "Only a picture can be used here.", {
        fields: [{ path, message: "is not a picture" }],
      });
    }
  }
}
