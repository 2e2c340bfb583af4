import { Command, CommanderError, Option } from "commander";
import about from "../package.json" with { type: "json" };
import { addAccountCommands } from "./commands/account-commands.ts";
import { addJobCommands } from "./commands/job-commands.ts";
import { addMcpCommand } from "./commands/mcp-command.ts";
import { DEFAULT_URL, type Tools, USAGE } from "./commands/run.ts";
import { addUsageCommand } from "./commands/usage-command.ts";
import { addWorkflowCommands } from "./commands/workflow-commands.ts";

/**
 * Runs the program on what was written after its name. A mistake in that ends it with 2, and is told as every refusal: with
 * `--json` in the envelope of REST.
 */
export async function runProgram(program: Command, args: readonly string[], { terminal, exit }: Tools): Promise<void> {
  const json = args.includes("--json");
  program.configureOutput({
    writeOut: (text) => terminal.out(text.trimEnd()),
    writeErr: (text) => (json ? undefined : terminal.err(text.trimEnd())),
  });
  for (const command of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)]) {
    command.copyInheritedSettings(program).exitOverride();
  }
  try {
    await program.parseAsync([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    exit(error.exitCode === 0 ? 0 : USAGE);
    const message = error.message.replace(/^error: /, "");
    if (json && error.exitCode !== 0) terminal.err(JSON.stringify({ error: { code: "INPUT_INVALID", message } }));
  }
}

/** The program, whole. `exit` is told the code that the process should end with. */
export function createProgram(tools: Tools): Command {
  const program = new Command("darkroom")
    .description("Darkroom in a terminal: submit jobs, watch them, fetch what they made.")
    .option("--url <url>", `where Darkroom is (DARKROOM_URL; ${DEFAULT_URL})`)
    .addOption(new Option("--api-key <key>", "an API key (DARKROOM_API_KEY; else the one that login kept)"))
    .option("--json", "answer as JSON, on one line", false)
    .version(about.version, "-V, --version", "say which version this is")
    .showHelpAfterError();
  addAccountCommands(program, tools);
  addWorkflowCommands(program, tools);
  addJobCommands(program, tools);
  addUsageCommand(program, tools);
  addMcpCommand(program, tools);
  return program;
}
