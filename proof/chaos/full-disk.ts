import { readFileSync } from "node:fs";
import { fillDisk } from "@darkroom/storage/testing";

// Loaded before a worker's own code (`node --import`): its disk is full for as long as the file that CHAOS_FULL_DISK names
// is there, which holds how many bytes can still be written. A real full disk would need rights that not every machine
// gives, and would be full for Postgres and the auditor's notes as well.

/** How often it is looked for, in milliseconds. */
const LOOK_EVERY_MS = 50;

const file = process.env.CHAOS_FULL_DISK ?? "";
let full: { readonly empty: () => void } | null = null;
let isLooking = false;

setInterval(() => {
  if (isLooking) return;
  isLooking = true;
  void look().finally(() => {
    isLooking = false;
  });
}, LOOK_EVERY_MS).unref();

async function look(): Promise<void> {
  const freeBytes = bytesLeft();
  if (freeBytes === null) {
    full?.empty();
    full = null;
  } else full ??= await fillDisk(freeBytes);
}

/** Null while there is room. */
function bytesLeft(): number | null {
  try {
    return Number(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}
