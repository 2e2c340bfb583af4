import type { Command } from "commander";
import { UsageError } from "../usage-error.ts";
import { run, type Tools } from "./run.ts";

/** `mcp`: the server of the Model Context Protocol, over the standard streams or over HTTP on this machine. */
export function addMcpCommand(program: Command, tools: Tools): void {
  program
    .command("mcp")
    .description("serve the Model Context Protocol, for programs that use language models")
    .option("--http <port>", "over HTTP at http://127.0.0.1:PORT/mcp, instead of the standard streams")
    .action(
      run(tools, async (client, _, { http }: { http?: string }) => {
        // Loaded here, because it takes longer than most commands do.
        const { serveHttp, serveStreams } = await import("../mcp/serve-mcp.ts");
        if (http === undefined) return serveStreams(client);
        const port = Number(http);
        if (!Number.isInteger(port) || port < 1 || port > 65_535)
          throw new UsageError("http", "must be a port, from 1 to 65535");
        const say = () => tools.terminal.err(`Serving the Model Context Protocol at http://127.0.0.1:${port}/mcp`);
        return serveHttp(client, port, say).catch((error: NodeJS.ErrnoException) => {
          if (error.code === "EADDRINUSE")
            throw new UsageError("http", `must be a port that is free, and ${port} is not`);
          throw error;
        });
      }),
    );
}
