import type { DraftWorkflow, SavedWorkflow, WorkflowDetail, WorkflowSummary } from "@darkroom/api";
import type { Command } from "commander";
import { readTextFile } from "./input-values.ts";
import { askSession, run, type Tools } from "./run.ts";
import { workflowTypes } from "./workflow-types.ts";

/** `workflows`, `types` and `import`. */
export function addWorkflowCommands(program: Command, tools: Tools): void {
  const { terminal } = tools;
  program
    .command("workflows [workflow]")
    .description("list workflows, or show one with its parameters")
    .action(
      run(tools, async (client, { json }, workflow: string | undefined) => {
        if (workflow === undefined) {
          const { items } = await client.trpc.workflow.list.query({ limit: 100 });
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
        const { items } = await client.trpc.workflow.list.query({ limit: 100 });
        const published = items.filter((workflow) => workflow.published);
        const details = published.map(({ slug }) => client.trpc.workflow.byId.query({ workflow: slug }));
        terminal.out(workflowTypes((await Promise.all(details)) as WorkflowDetail[]).trimEnd());
      }),
    );

  program
    .command("import <file>")
    .description("make a workflow of a graph that ComfyUI saved or exported; operators, asks for your password")
    .option("--name <name>")
    .option("--slug <slug>")
    .option("--publish", "publish it at once, if nothing speaks against it", false)
    .action(
      run(
        tools,
        async (_, { url, json }, file: string, options: { name?: string; slug?: string; publish: boolean }) => {
          const { publish, ...names } = options;
          const graph = await readTextFile("file", file);
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
      ),
    );
}
