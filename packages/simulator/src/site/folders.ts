import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { utimes, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import type { Clock } from "./clock.ts";

export type FolderType = "input" | "output" | "temp";
export const folderTypes: readonly FolderType[] = ["input", "output", "temp"];

/** The server's three folders on disk. Nothing is read or written outside them. */
export interface Folders {
  path(type: FolderType): string;
  /** The file's absolute path, or null if it would lie outside the folder. */
  resolve(type: FolderType, subfolder: string, filename: string): string | null;
  /** Files directly in the input folder: what LoadImage lists. */
  inputFiles(): string[];
  /** Next free place for `prefix`, counted per prefix across formats; throws SaveOutsideFolder if it leaves the folder. */
  nextSave(type: FolderType, prefix: string, size: { width: number; height: number }): SavePlace;
  /** Writes a file as of the clock's time. Its folder must be there. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  remove(): void;
}

export interface SavePlace {
  readonly folder: string;
  readonly subfolder: string;
  readonly name: string;
  readonly counter: number;
}

/** A name that would lead out of the output folder. */
export class SaveOutsideFolder extends Error {}

export function createFolders(root: string, clock: Clock): Folders {
  const pathOf = (type: FolderType): string => join(root, type);
  // A restart of ComfyUI deletes what was only a preview.
  rmSync(pathOf("temp"), { recursive: true, force: true });
  for (const type of folderTypes) mkdirSync(pathOf(type), { recursive: true });

  function inside(type: FolderType, path: string): boolean {
    const from = relative(pathOf(type), path);
    return from === "" || (from !== ".." && !from.startsWith(`..${sep}`));
  }

  return {
    path: pathOf,
    resolve(type, subfolder, filename) {
      const path = resolve(pathOf(type), subfolder, filename);
      return inside(type, path) ? path : null;
    },
    inputFiles() {
      const entries = readdirSync(pathOf("input"), { withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => entry.name)
        .sort();
    },
    nextSave(type, prefix, size) {
      const expanded = expandTokens(prefix, size, new Date(clock.now()));
      const target = resolve(pathOf(type), expanded === "" ? "." : expanded.replace(/\/$/, "/."));
      // `os.path.basename(os.path.normpath(""))` is ".": an empty prefix really saves "._00001_.png".
      const name = expanded === "" ? "." : (expanded.split("/").at(-1) ?? "");
      const folder = expanded === "" ? pathOf(type) : dirname(target);
      if (!inside(type, folder)) {
        throw new SaveOutsideFolder(
          "**** ERROR: Saving image outside the output folder is not allowed.\n full_output_folder: /comfyui\n         output_dir: /comfyui/output",
        );
      }
      mkdirSync(folder, { recursive: true });
      return { folder, subfolder: relative(pathOf(type), folder), name, counter: nextCounter(folder, name) };
    },
    async write(path, bytes) {
      await writeFile(path, bytes);
      const time = clock.now() / 1000;
      await utimes(path, time, time);
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

function nextCounter(folder: string, name: string): number {
  let highest = 0;
  for (const entry of readdirSync(folder)) {
    if (!entry.toLowerCase().startsWith(`${name.toLowerCase()}_`)) continue;
    const digits = /^(\d+)/.exec(entry.slice(name.length + 1))?.[1];
    if (digits !== undefined) highest = Math.max(highest, Number(digits));
  }
  return highest + 1;
}

function expandTokens(prefix: string, size: { width: number; height: number }, now: Date): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const tokens: Record<string, string> = {
    "%width%": String(size.width),
    "%height%": String(size.height),
    "%year%": String(now.getFullYear()),
    "%month%": two(now.getMonth() + 1),
    "%day%": two(now.getDate()),
    "%hour%": two(now.getHours()),
    "%minute%": two(now.getMinutes()),
    "%second%": two(now.getSeconds()),
  };
  return prefix.replace(/%[a-z]+%/g, (token) => tokens[token] ?? token);
}

export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** `name.png [output]` → its parts. Without a suffix `type` is null. */
export function splitAnnotated(name: string): { name: string; type: FolderType | null } {
  const match = /^(.*) \[(input|output|temp)\]$/.exec(name);
  return match === null ? { name, type: null } : { name: match[1] ?? "", type: match[2] as FolderType };
}
