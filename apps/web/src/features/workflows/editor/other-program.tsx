import type { Parameters } from "@darkroom/workflow-files";
import { t } from "../../../language/say.ts";
import { Notice } from "../../../ui/notice.tsx";

/** What another program wrote into a picture: no graph that could be imported, but settings to fill into a form. */
export function OtherProgram({ parameters }: { readonly parameters: Parameters }) {
  const { program, prompt, negative, seed, steps, cfg, sampler, width, height } = parameters;
  const rows = [
    [t`Prompt`, prompt],
    [t`Negative prompt`, negative],
    [t`Seed`, seed],
    [t`Steps`, steps],
    [t`Guidance`, cfg],
    [t`Sampler`, sampler],
    [t`Size`, width === undefined || height === undefined ? undefined : `${width} × ${height}`],
  ] as const;
  return (
    <Notice title={t`This picture was made with ${program}, which keeps no workflow in it.`}>
      <p>{t`Its settings are below. Choose a workflow that draws such pictures, and enter them in its form.`}</p>
      <dl className="mt-3 grid gap-x-4 gap-y-1 text-sm sm:grid-cols-[auto_1fr]">
        {rows
          .filter(([, value]) => value !== undefined && value !== "")
          .map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="font-medium text-ink">{name}</dt>
              <dd className="wrap-anywhere max-h-40 overflow-y-auto whitespace-pre-line">{value}</dd>
            </div>
          ))}
      </dl>
    </Notice>
  );
}
