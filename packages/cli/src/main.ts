#!/usr/bin/env node
import { readEnvironment } from "./account/env.ts";
import { createTerminal } from "./output/terminal.ts";
import { createProgram, runProgram } from "./program.ts";

const tools = {
  terminal: createTerminal(),
  env: readEnvironment(),
  exit: (code: number) => {
    process.exitCode = code;
  },
};
await runProgram(createProgram(tools), process.argv.slice(2), tools);
