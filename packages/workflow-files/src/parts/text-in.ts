import { textOfFile } from "@darkroom/contracts";
import type { Ranges } from "../ranges.ts";

/** The text of a file that is nothing but text. @throws WorkflowFileError for one in another encoding than UTF-8 and UTF-16 */
export function textIn(file: Ranges, bytes: Uint8Array): string {
  try {
    return textOfFile(bytes, { isCut: bytes.length < file.size });
  } catch {
    throw file.damaged("text", "it is neither UTF-8 nor UTF-16");
  }
}
