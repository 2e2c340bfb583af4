#!/usr/bin/env node
import { readEnvironment } from "./env.ts";
import { createProgram, runProgram } from "./program.ts";
import { createTerminal } from "./terminal.ts";

const tools = {
  terminal: createTerminal(),
  env: readEnvironment(),
  exit: (code: number) => {
    process.exitCode = code;
  },
};
await runProgram(createProgram(tools), process.argv.slice(2), tools);
