// Outlives the process that started it by a moment: when the IPC channel closes, it stops the process groups it was
// told of and removes the temporary folders. Postgres and Redis can't notice by themselves that we were killed.
import { rmSync } from "node:fs";
import type { GuardMessage } from "./guard.ts";
import { isRunning, trySignal } from "./process-state.ts";

const killAfterMs = 8000;
const groups = new Map<number, NodeJS.Signals>();
const folders = new Set<string>();

process.title = "darkroom-guard";
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});

process.on("message", (message: GuardMessage) => {
  if (message.type === "watch") groups.set(message.pid, message.signal);
  else if (message.type === "forget") groups.delete(message.pid);
  else folders.add(message.folder);
});

process.on("disconnect", () => {
  for (const [pid, signal] of groups) trySignal(pid, signal);
  const deadline = Date.now() + killAfterMs;
  const timer = setInterval(() => {
    if ([...groups.keys()].some(isRunning) && Date.now() < deadline) return;
    clearInterval(timer);
    for (const pid of groups.keys()) trySignal(-pid, "SIGKILL");
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  }, 50);
});
