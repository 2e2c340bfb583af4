import { openAsBlob } from "node:fs";
import { open, readFile, stat } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { textOfFile } from "@darkroom/contracts";
import { UsageError } from "../usage-error.ts";

/** The name that stands for the standard input. */
const STDIN = "-";

/**
 * A file that a command was given, or what is piped into it, as text: in UTF-8, or in UTF-16 as PowerShell writes it, without a byte
 * order mark.
 *
 * @param path The argument's name, for what is wrong with it
 * @throws UsageError
 */
export async function readTextFile(path: string, file: string): Promise<string> {
  const bytes = await readWhole(file).catch((error: unknown) => refuseFile(path, error));
  try {
    return textOfFile(bytes);
  } catch {
    throw new UsageError(path, "names a file that is neither in UTF-8 nor in UTF-16");
  }
}

/** The same as a blob, of which a file is read only when it is sent. Rejects with the system's error. */
export async function openBlob(file: string): Promise<Blob> {
  if (file === STDIN || !(await stat(file)).isFile()) return new Blob([new Uint8Array(await readWhole(file))]);
  // Opened to hear why it cannot be: of a blob there is only that it cannot.
  await (await open(file)).close();
  return openAsBlob(file);
}

const readWhole = (file: string): Promise<Buffer> => (file === STDIN ? buffer(process.stdin) : readFile(file));

/** @throws UsageError for a file that cannot be read; any other error as it is */
export function refuseFile(path: string, error: unknown): never {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") throw new UsageError(path, "names a file that there is not");
  if (code === "EACCES" || code === "EISDIR") throw new UsageError(path, "names a file that cannot be read");
  throw error;
}
