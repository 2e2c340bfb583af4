import type { JobView } from "@darkroom/contracts";

type Asked = Pick<JobView, "workflow" | "inputs" | "seed">;

/** What to ask for to get the same picture: the seed that was drawn is part of it. */
function inputsOf({ inputs, seed }: Asked): Record<string, unknown> {
  return seed === null ? { ...inputs } : { ...inputs, seed };
}

/** One argument of a POSIX shell, whatever is in it. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The same job again from elsewhere, with an API key of one's own in `DARKROOM_API_KEY`. `origin` is this server's. */
export function snippets(job: Asked, origin: string): { readonly name: string; readonly text: string }[] {
  const { slug } = job.workflow;
  const inputs = inputsOf(job);
  return [
    {
      name: "curl",
      text: [
        `curl -s ${origin}/api/v1/jobs -H "authorization: Bearer $DARKROOM_API_KEY" \\`,
        `  -H 'content-type: application/json' -d ${quoted(JSON.stringify({ workflow: slug, inputs }))}`,
      ].join("\n"),
    },
    {
      name: "TypeScript",
      text: [
        'import { createDarkroomClient } from "@darkroom/client";',
        "",
        `const darkroom = createDarkroomClient({ url: ${JSON.stringify(origin)}, apiKey: "an API key of yours" });`,
        `const job = await darkroom.submit(${JSON.stringify({ workflow: slug, inputs }, null, 2)});`,
        "const { outputs } = await job.wait();",
        "await darkroom.close();",
      ].join("\n"),
    },
    { name: "CLI", text: `darkroom submit ${slug} --inputs ${quoted(JSON.stringify(inputs))} --wait` },
  ];
}
