import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { drawRooms } from "./draw-rooms.ts";
import { readSourceFiles } from "./source-files.ts";

// `pnpm rooms`: draws docs/rooms.md from the code.

const root = resolve(import.meta.dirname, "../..");
writeFileSync(join(root, "docs/rooms.md"), drawRooms(readSourceFiles(root)));
console.log("Drew docs/rooms.md.");
