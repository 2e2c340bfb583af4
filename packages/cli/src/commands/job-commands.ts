import { basename } from "node:path";
import type { WorkflowDetail } from "@darkroom/api";
import { type JobView, reach } from "@darkroom/client";
import type { InputValue } from "@darkroom/contracts";
import type { Command } from "commander";
import { refusalOf } from "../account/session.ts";
import { openBlob, readTextFile } from "../input/input-files.ts";
import { readValues } from "../input/input-values.ts";
import { downloadFiles } from "../output/download-files.ts";
import { exitCodeOf, watchJob } from "../output/watch-job.ts";
import { UsageError } from "../usage-error.ts";
import { run, type Tools } from "./run.ts";

interface SubmitOptions {
  readonly input: string[];
  readonly inputs?: string;
  readonly idempotencyKey?: string;
  readonly wait: boolean;
  readonly watch: boolean;
  readonly download?: string;
}

/** `submit`, `watch`, `wait`, `cancel` and `download`. */
export function addJobCommands(program: Command, tools: Tools): void {
  const { terminal, exit } = tools;
  const finish = (job: JobView, json: boolean): void => {
    exit(exitCodeOf(job));
    const outputs = job.outputs.map(({ url }) => url);
    terminal.out(json ? JSON.stringify(job) : [`${job.jobId} ${job.state}`, ...outputs].join("\n"));
    if (job.failure !== null) terminal.err(`darkroom: ${job.failure.message}`);
  };

  program
    .command("submit <workflow>")
    .description("submit a job; a file is name=@path, and @- is what is piped in")
    .option("-i, --input <name=value...>", "a parameter's value", [])
    .option("--inputs <json>", "all values as a JSON object, or - for what is piped in")
    .option("--idempotency-key <key>", "the same key gives the same job")
    .option("--wait", "wait for its end", false)
    .option("--watch", "show its progress until its end", false)
    .option("--download <folder>", "wait, and put its files there")
    .action(
      run(tools, async (client, { url, apiKey, json }, workflow: string, options: SubmitOptions) => {
        const { parameters } = await client.trpc.workflow.byId.query({ workflow });
        const upload = (path: string) => uploadFile(path, { url, apiKey });
        const given = readInputs(options.inputs === "-" ? await readTextFile("inputs", "-") : (options.inputs ?? "{}"));
        const inputs = {
          ...given,
          ...(await readValues(options.input, { parameters: parameters as WorkflowDetail["parameters"], upload })),
        };
        const { idempotencyKey } = options;
        const handle = await client.submit({
          workflow,
          inputs,
          ...(idempotencyKey !== undefined && { idempotencyKey }),
        });
        if (!options.wait && !options.watch && options.download === undefined) {
          return terminal.out(json ? JSON.stringify({ jobId: handle.jobId }) : handle.jobId);
        }
        const job = options.watch ? await watchJob(handle, terminal, { json }) : await handle.wait();
        if (options.download !== undefined && job.state === "succeeded")
          for (const { path } of await downloadFiles(client, job, options.download)) terminal.err(path);
        finish(job, json);
      }),
    );

  program
    .command("watch <jobId>")
    .description("show a job's progress; ends with 0 if it succeeded, 1 if it failed, 3 if it was canceled")
    .action(
      run(tools, async (client, { json }, jobId: string) => {
        finish(await watchJob(client.job(jobId), terminal, { json }), json);
      }),
    );

  program
    .command("wait <jobId>")
    .description("wait for a job's end; ends as watch does, and with 124 when the time is up")
    .option("--timeout <seconds>", "how long; without it until the end")
    .action(
      run(tools, async (client, { json }, jobId: string, { timeout }: { timeout?: string }) => {
        finish(
          await client.job(jobId).wait(timeout === undefined ? {} : { timeoutMs: secondsOf(timeout) * 1000 }),
          json,
        );
      }),
    );

  program
    .command("cancel <jobId>")
    .description("stop a job")
    .action(
      run(tools, async (client, { json }, jobId: string) => {
        const answer = await client.job(jobId).cancel();
        terminal.out(json ? JSON.stringify(answer) : answer.jobs.map((job) => `${job.jobId} ${job.state}`).join("\n"));
      }),
    );

  program
    .command("download <jobId>")
    .description("put an ended job's files into a folder, and say where each is")
    .option("--dir <folder>", "where", ".")
    .action(
      run(tools, async (client, { json }, jobId: string, { dir }: { dir: string }) => {
        const files = await downloadFiles(client, await client.job(jobId).view(), dir);
        terminal.out(json ? JSON.stringify({ jobId, files }) : files.map(({ path }) => path).join("\n"));
      }),
    );
}

function readInputs(text: string): Record<string, InputValue> {
  let inputs: unknown;
  try {
    inputs = JSON.parse(text);
  } catch {}
  if (typeof inputs === "object" && inputs !== null && !Array.isArray(inputs))
    return inputs as Record<string, InputValue>;
  throw new UsageError("inputs", "must be a JSON object");
}

/** The most seconds that a timer takes. */
const MAX_SECONDS = 2_147_483;

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== "" && seconds >= 0 && seconds <= MAX_SECONDS) return seconds;
  throw new UsageError("timeout", `must be a number of seconds, at most ${MAX_SECONDS}`);
}

async function uploadFile(path: string, { url, apiKey }: { url: string; apiKey: string }): Promise<string> {
  const body = new FormData();
  body.set("file", await openBlob(path), basename(path));
  const headers = { authorization: `Bearer ${apiKey}` };
  const response = await reach(new URL("/api/v1/uploads", url), { method: "POST", headers, body });
  if (!response.ok) throw await refusalOf(response);
  return ((await response.json()) as { uploadId: string }).uploadId;
}
