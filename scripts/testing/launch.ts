import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface Launched {
  child: ChildProcess;
  /** Everything printed so far. */
  output(): string;
  /** The first match in what is printed. Rejects, with the output, if the process ends without it. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** The exit status; null if a signal ended it. */
  exited: Promise<number | null>;
}

/** Runs the real launcher as a child in a process group of its own. */
export function launch(env: NodeJS.ProcessEnv, command: string[] = ["scripts/start.ts"]): Launched {
  const child = spawn(process.execPath, command, {
    cwd: root,
    env: { ...withoutServices(process.env), ...env },
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const news = new EventEmitter();
  let output = "";
  let ended = false;
  const add = (chunk: Buffer) => {
    output += chunk.toString();
    news.emit("news");
  };
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error("its output is piped");
  stdout.on("data", add);
  stderr.on("data", add);
  // Not the event `close`: Node never sends it once the channel to the child was disconnected.
  const ends = [once(child, "exit"), once(stdout, "close"), once(stderr, "close")] as const;
  const exited = Promise.all(ends).then(([[code]]): number | null => {
    ended = true;
    news.emit("news");
    return code;
  });
  return {
    child,
    exited,
    output: () => output,
    async printed(pattern) {
      for (;;) {
        const match = pattern.exec(output);
        if (match) return match;
        if (ended) throw new Error(`ended without printing ${pattern}:\n${output}`);
        await once(news, "news");
      }
    },
  };
}

/** What a developer's shell may carry must not lead a test to a real service. */
function withoutServices(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { DATABASE_URL, REDIS_URL, COMFYUI_URLS, STORAGE_URL, WORKER_PORT, SIMULATOR_PORT, PUBLIC_URL, ...rest } = env;
  return rest;
}
