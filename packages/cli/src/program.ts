import { Command, Option } from "commander";
import { addAccountCommands } from "./account-commands.ts";
import type { Environment } from "./env.ts";
import { addJobCommands } from "./job-commands.ts";
import { addMcpCommand } from "./mcp-command.ts";
import { DEFAULT_URL } from "./run.ts";
import type { Terminal } from "./terminal.ts";
import { addWorkflowCommands } from "./workflow-commands.ts";

/** The program, whole. `exit` is told the code that the process should end with. */
export function createProgram(terminal: Terminal, env: Environment, exit: (code: number) => void): Command {
  const tools = { terminal, env, exit };
  const program = new Command("darkroom")
    .description("Darkroom in a terminal: submit jobs, watch them, fetch what they made.")
    .option("--url <url>", `where Darkroom is (DARKROOM_URL; ${DEFAULT_URL})`)
    .addOption(new Option("--api-key <key>", "an API key (DARKROOM_API_KEY; else the one that login kept)"))
    .option("--json", "answer as JSON, on one line", false)
    .showHelpAfterError();
  addAccountCommands(program, tools);
  addWorkflowCommands(program, tools);
  addJobCommands(program, tools);
  addMcpCommand(program, tools);
  return program;
}
