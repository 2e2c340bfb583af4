import type { WorkflowDetail } from "@darkroom/api";
import type { DarkroomClient, JobView } from "@darkroom/client";
import { type InputValue, inputsJsonSchema, type JsonSchema } from "@darkroom/contracts";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { CallToolRequestSchema, type CallToolResult, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import about from "../../package.json" with { type: "json" };
import { publishedWorkflows } from "../every-workflow.ts";
import { errorLines } from "../output/error-lines.ts";

// A thin adapter: each tool is one call of the client, and a workflow's tool takes the inputs that its form has.

interface Tool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: { readonly type: "object" } & JsonSchema;
}

const ofJob: Tool["inputSchema"] = {
  type: "object",
  properties: { jobId: { type: "string", format: "uuid" } },
  required: ["jobId"],
  additionalProperties: false,
};

const fixed: readonly Tool[] = [
  {
    name: "list_workflows",
    description: "The workflows there are. Each has a tool of its own, generate_…, that runs it.",
    inputSchema: { type: "object", properties: {}, additionalProperties: false },
  },
  { name: "job_status", description: "How a job stands: its state, progress and outputs.", inputSchema: ofJob },
  { name: "cancel_job", description: "Stop a job.", inputSchema: ofJob },
  {
    name: "fetch_output",
    description: "The picture of an output, at most 1024 pixels wide.",
    inputSchema: {
      type: "object",
      properties: { outputId: { type: "string", format: "uuid" } },
      required: ["outputId"],
      additionalProperties: false,
    },
  },
];

/** How long a tool waits for a job before it answers with what there is; the job goes on. */
const WAIT_MS = 10 * 60_000;
const PREFIX = "generate_";
const toolOf = (slug: string): string => PREFIX + slug.replaceAll("-", "_");

/** Darkroom as a server of the Model Context Protocol. It is one caller: whoever talks to it acts with the client's key. */
export function createMcpServer(client: DarkroomClient): Server {
  const server = new Server({ name: "darkroom", version: about.version }, { capabilities: { tools: {} } });

  server.setRequestHandler(ListToolsRequestSchema, async () => {
    const generate = (await publishedWorkflows(client)).map(
      ({ slug, name, description, parameters }): Tool => ({
        name: toolOf(slug),
        description: `${name}. ${description} Waits for the end and shows the picture.`,
        inputSchema: inputsJsonSchema(parameters) as Tool["inputSchema"],
      }),
    );
    return { tools: [...fixed, ...generate] };
  });

  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal }): Promise<CallToolResult> => {
    // The server checks what is given, and refuses as it does on every door.
    const given = (params.arguments ?? {}) as Record<string, string>;
    try {
      switch (params.name) {
        case "list_workflows":
          return said(
            (await publishedWorkflows(client)).map(({ slug, name, description }) => ({ slug, name, description })),
          );
        case "job_status":
          return said(await client.trpc.job.byId.query(given as { jobId: string }));
        case "cancel_job":
          return said(await client.trpc.job.cancel.mutate(given as { jobId: string }));
        case "fetch_output":
          return { content: [await fetchOutput(client, given as { outputId: string })] };
        default:
          return await generate(client, await publishedWorkflows(client), { tool: params.name, inputs: given, signal });
      }
    } catch (error) {
      return { isError: true, content: [{ type: "text", text: errorLines(error, false).join("\n") }] };
    }
  });
  return server;
}

async function generate(
  client: DarkroomClient,
  workflows: readonly WorkflowDetail[],
  { tool, inputs, signal }: { tool: string; inputs: Record<string, InputValue>; signal: AbortSignal },
): Promise<CallToolResult> {
  const workflow = workflows.find(({ slug }) => toolOf(slug) === tool);
  if (workflow === undefined) throw new Error(`There is no tool ${tool}.`);
  const job = await client.generateAndWait({ workflow: workflow.slug, inputs }, { signal, timeoutMs: WAIT_MS });
  const pictures = job.outputs.filter(({ kind }) => kind === "image" || kind === "animation");
  const content = await Promise.all(pictures.map(({ outputId }) => pictureOf(client, outputId)));
  return { isError: job.state !== "succeeded", content: [...said(summaryOf(job)).content, ...content] };
}

const said = (answer: unknown): CallToolResult => ({ content: [{ type: "text", text: JSON.stringify(answer) }] });

const summaryOf = ({ jobId, state, seed, failure, outputs }: JobView) => ({
  ...{ jobId, state, seed, failure },
  outputs: outputs.map(({ outputId, mimeType, url }) => ({ outputId, mimeType, url })),
});

async function fetchOutput(client: DarkroomClient, given: { outputId: string }): Promise<Content> {
  const { outputId, kind, mimeType, url } = await client.trpc.output.byId.query(given);
  if (kind === "image" || kind === "animation") return pictureOf(client, outputId);
  return { type: "text", text: `It is no picture but ${mimeType}, at ${url}.` };
}

type Content = CallToolResult["content"][number];

/** A copy that a model can look at: full pictures are megabytes. */
async function pictureOf(client: DarkroomClient, outputId: string): Promise<Content> {
  const url = `/api/outputs/${encodeURIComponent(outputId)}?width=1024&format=webp`;
  const copy = await client.job("").download({ url });
  return { type: "image", mimeType: "image/webp", data: Buffer.from(await copy.arrayBuffer()).toString("base64") };
}
