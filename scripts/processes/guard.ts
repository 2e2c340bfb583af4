import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Stops what is left when this process is killed; see `guard-main.ts`. */
export interface Guard {
  watch(pid: number, signal: NodeJS.Signals): void;
  forget(pid: number): void;
  /** Removed when this process is gone, however it ended. */
  removeFolder(folder: string): void;
  /** After everything watched has stopped. */
  close(): Promise<void>;
}

export type GuardMessage =
  | { type: "watch"; pid: number; signal: NodeJS.Signals }
  | { type: "forget"; pid: number }
  | { type: "remove-folder"; folder: string };

/** A guard in a process group of its own, so that Ctrl-C does not reach it; started again if it dies. */
export function createGuard(): Guard {
  const watched = new Map<number, NodeJS.Signals>();
  const folders = new Set<string>();
  let closing = false;
  let child = start();

  function start(): ChildProcess {
    const guard = spawn(process.execPath, [fileURLToPath(new URL("guard-main.ts", import.meta.url))], {
      detached: true,
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    guard.on("error", () => {});
    guard.unref();
    guard.channel?.unref();
    guard.once("exit", () => {
      if (closing) return;
      child = start();
      for (const [pid, signal] of watched) tell({ type: "watch", pid, signal });
      for (const folder of folders) tell({ type: "remove-folder", folder });
    });
    return guard;
  }

  function tell(message: GuardMessage) {
    if (child.connected) child.send(message, () => {});
  }

  return {
    watch(pid, signal) {
      watched.set(pid, signal);
      tell({ type: "watch", pid, signal });
    },
    forget(pid) {
      watched.delete(pid);
      tell({ type: "forget", pid });
    },
    removeFolder(folder) {
      folders.add(folder);
      tell({ type: "remove-folder", folder });
    },
    async close() {
      closing = true;
      if (!child.connected) return;
      const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
      child.ref();
      child.disconnect();
      await gone;
    },
  };
}
