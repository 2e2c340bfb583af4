// Outlives the process that started it by a moment: when the IPC channel closes, it stops the process groups it was
// told of and removes the temporary folders. Postgres and Redis can't notice by themselves that we were killed.
import { rmSync } from "node:fs";

/** @type {Map<number, NodeJS.Signals>} */
const groups = new Map();
/** @type {Set<string>} */
const folders = new Set();

process.title = "darkroom-guard";
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});

process.on("message", (message) => {
  if (message.type === "watch") groups.set(message.pid, message.signal);
  if (message.type === "forget") groups.delete(message.pid);
  if (message.type === "remove-folder") folders.add(message.folder);
});

process.on("disconnect", () => {
  for (const [pid, signal] of groups) signalGroup(pid, signal);
  const deadline = Date.now() + 8000;
  const timer = setInterval(() => {
    const alive = [...groups.keys()].filter((pid) => signalGroup(pid, 0));
    if (alive.length > 0 && Date.now() < deadline) return;
    for (const pid of alive) signalGroup(pid, "SIGKILL");
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    clearInterval(timer);
  }, 50);
});

/** Says whether the group was there. */
function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
