import { hostname } from "node:os";
import type { CreatedApiKey, Page } from "@darkroom/api";
import type { Command } from "commander";
import { writeConfig } from "../account/config.ts";
import { askSession, BY_ACCOUNT, run, type Tools } from "./run.ts";

/** `login` and `keys`: what keys may not do, so they ask for the account. */
export function addAccountCommands(program: Command, tools: Tools): void {
  const { terminal, env } = tools;
  program
    .command("login")
    .description("sign in once, make an API key, and keep it in a file that only you can read")
    .action(
      run(
        tools,
        async (_, { url, json }) => {
          const session = await askSession(tools, url);
          const name = `darkroom on ${hostname()}`.slice(0, 60);
          const { key, ...shown } = await session.call<CreatedApiKey>("apiKey.create", { name });
          await writeConfig(env.configPath, { url, apiKey: key });
          terminal.out(
            json ? JSON.stringify(shown) : `Signed in at ${url}. The key “${name}” is in ${env.configPath}.`,
          );
        },
        BY_ACCOUNT,
      ),
    );

  const keys = program.command("keys").description("list, make and revoke API keys; asks for your password");
  keys
    .command("list")
    .description("list your keys, newest first, without what is secret in them")
    .action(
      run(
        tools,
        async (_, { url, json }) => {
          const session = await askSession(tools, url);
          const page = await session.call<Page<CreatedApiKey>>("apiKey.list");
          if (json) return terminal.out(JSON.stringify(page));
          for (const { apiKeyId, prefix, name, revokedAt } of page.items)
            terminal.out([apiKeyId, `${prefix}…`, revokedAt === null ? "" : "revoked", name].join("\t"));
        },
        BY_ACCOUNT,
      ),
    );
  keys
    .command("create <name>")
    .description("make a key, which is shown this once")
    .option("--scope <scope...>", "read, submit; both without it")
    .action(
      run(
        tools,
        async (_, { url, json }, name: string, { scope }: { scope?: string[] }) => {
          const session = await askSession(tools, url);
          const input = { name, ...(scope !== undefined && { scopes: scope }) };
          const created = await session.call<CreatedApiKey>("apiKey.create", input);
          terminal.out(json ? JSON.stringify(created) : created.key);
        },
        BY_ACCOUNT,
      ),
    );
  keys
    .command("revoke <apiKeyId>")
    .description("end a key; what it follows is told no more")
    .action(
      run(
        tools,
        async (_, { url, json }, apiKeyId: string) => {
          const session = await askSession(tools, url);
          const answer = await session.call<object>("apiKey.revoke", { apiKeyId });
          terminal.out(json ? JSON.stringify(answer) : "Revoked.");
        },
        BY_ACCOUNT,
      ),
    );
}
