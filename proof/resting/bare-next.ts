import { createServer, type RequestListener } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";

// A custom server of Next that has our build and nothing besides, as a process of its own: `node bare-next.ts PORT WEB_FOLDER`.

const [, , port = "", dir = ""] = process.argv;
/** As much of Next as is used here; its types belong to `apps/web`. */
const next: (options: object) => { prepare(): Promise<void>; getRequestHandler(): RequestListener } = createRequire(
  join(dir, "package.json"),
)("next");
const app = next({ dev: false, dir, hostname: "127.0.0.1", port: Number(port), httpServer: createServer() });
await app.prepare();
const handle = app.getRequestHandler();
createServer(handle).listen(Number(port), "127.0.0.1", () => process.send?.("ready"));
process.on("disconnect", () => process.exit(0));
