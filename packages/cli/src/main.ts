#!/usr/bin/env node
import { readEnvironment } from "./env.ts";
import { createProgram } from "./program.ts";
import { createTerminal } from "./terminal.ts";

const program = createProgram(createTerminal(), readEnvironment(), (code) => {
  process.exitCode = code;
});
await program.parseAsync();
