import type { DraftWorkflow, SavedWorkflow, WorkflowSummary } from "@darkroom/api";
import type { Command } from "commander";
import { everyWorkflow, publishedWorkflows } from "../every-workflow.ts";
import { readGraph } from "../input/read-graph.ts";
import { workflowTypes } from "../output/workflow-types.ts";
import { askSession, BY_ACCOUNT, run, type Tools } from "./run.ts";

/** `workflows`, `types` and `import`. */
export function addWorkflowCommands(program: Command, tools: Tools): void {
  const { terminal } = tools;
  program
    .command("workflows [workflow]")
    .description("list workflows, or show one with its parameters")
    .action(
      run(tools, async (client, { json }, workflow: string | undefined) => {
        if (workflow === undefined) {
          const items = await everyWorkflow(client);
          if (json) return terminal.out(JSON.stringify(items));
          for (const { slug, name } of items) terminal.out(`${slug}\t${name}`);
          return;
        }
        const detail = await client.trpc.workflow.byId.query({ workflow });
        if (json) return terminal.out(JSON.stringify(detail));
        for (const { name, kind, required, label } of detail.parameters)
          terminal.out(`${name}\t${kind}\t${required ? "required" : ""}\t${label}`);
      }),
    );

  program
    .command("types")
    .description("write the workflows' inputs as TypeScript types for @darkroom/client")
    .action(
      run(tools, async (client) => {
        terminal.out(workflowTypes(await publishedWorkflows(client)).trimEnd());
      }),
    );

  program
    .command("import <file>")
    .description("make a workflow of any file that ComfyUI saved, exported or made; operators, asks for your password")
    .option("--name <name>", "what people see; else the file's own, or one made of its nodes")
    .option("--slug <slug>", "what programs call it; else one made of its name")
    .option("--publish", "publish it at once, if nothing speaks against it", false)
    .action(
      run(
        tools,
        async (_, { url, json }, file: string, options: { name?: string; slug?: string; publish: boolean }) => {
          const { publish, ...names } = options;
          const graph = await readGraph("file", file);
          const session = await askSession(tools, url);
          const { definition } = await session.call<DraftWorkflow>("workflow.import", { graph, ...names });
          const saved = await session.call<SavedWorkflow>("workflow.save", { definition });
          const { workflowId: workflow, version } = saved;
          const answer = publish
            ? await session.call<WorkflowSummary>("workflow.publish", { workflow, version })
            : saved;
          terminal.out(
            json ? JSON.stringify(answer) : `${definition.slug}, version ${version}${publish ? "" : ", a draft"}`,
          );
        },
        BY_ACCOUNT,
      ),
    );
}
