import { type DarkroomClient, reach } from "@darkroom/client";
import type { Command } from "commander";
import { refusalOf } from "../account/session.ts";
import { run, type Tools } from "./run.ts";

interface UsageOptions {
  readonly from?: string;
  readonly to?: string;
}

/** `usage`: for operators, as a table that a spreadsheet opens. */
export function addUsageCommand(program: Command, tools: Tools): void {
  program
    .command("usage")
    .description("what each owner and API key used in a period, as CSV; for operators")
    .option("--from <day>", "the first day, as 2026-11-01; else that of the month")
    .option("--to <day>", "the last day; else today")
    .action(
      run(tools, async (client, { url, apiKey, json }, { from, to }: UsageOptions) => {
        const period = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
        tools.terminal.out(
          json ? JSON.stringify(await everyRow(client, period)) : await fetchTable(url, apiKey, period),
        );
      }),
    );
}

async function everyRow({ trpc }: DarkroomClient, period: UsageOptions) {
  const { nextCursor, ...first } = await trpc.usage.list.query(period);
  const items = [...first.items];
  for (let cursor = nextCursor; cursor !== null; ) {
    const page = await trpc.usage.list.query({ ...period, cursor });
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  return { ...first, items };
}

async function fetchTable(url: string, apiKey: string, period: Record<string, string>): Promise<string> {
  const address = new URL("/api/v1/usage.csv", url);
  for (const [name, day] of Object.entries(period)) address.searchParams.set(name, day);
  const response = await reach(address, { headers: { authorization: `Bearer ${apiKey}` } });
  if (!response.ok) throw await refusalOf(response);
  return (await response.text()).trimEnd();
}
