/** A process the launcher or the tests start, described so that it can be started again. */
export interface ServiceProcess {
  /** One word for messages: `postgres`, `web`… */
  name: string;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  uid?: number;
  gid?: number;
  /** A Node process of ours: it gets an IPC channel, whose end tells it that we are gone. */
  ipc?: boolean;
  /** Where its output goes; unset: to our own. */
  logFile?: string;
  stopSignal: NodeJS.Signals;
  /** Milliseconds it may take to stop before it is killed. */
  stopTimeoutMs: number;
  /** Clears what an earlier run that was killed left behind. */
  prepare?(): Promise<void>;
  /** Asked again and again after the start, with the pid that was started. */
  isReady(pid: number): Promise<boolean>;
  readyTimeoutMs: number;
}
