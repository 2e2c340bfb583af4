import type { Metadata } from "next";
import { OperatorsOnly } from "../../../features/workflows/editor/operators-only.tsx";
import { WorkflowPage } from "../../../features/workflows/editor/workflow-page.tsx";
import { t } from "../../../language/say.ts";
import { askFirst, firstQuery } from "../../../trpc/first-queries.ts";
import { FirstContent } from "../../first-content.tsx";

export const generateMetadata = (): Metadata => ({ title: t`Workflow` });

interface Place {
  params: Promise<{ slug: string }>;
  searchParams: Promise<{ version?: string }>;
}

export default async function Page({ params, searchParams }: Place) {
  const [{ slug }, { version }] = await Promise.all([params, searchParams]);
  const wanted = version === undefined ? null : Number(version);
  const list = firstQuery("workflow.versions", { workflow: slug });
  const versions = await askFirst<{ readonly items: readonly { readonly version: number }[] }>(list);
  const chosen = versions?.items.find((one) => one.version === wanted) ?? versions?.items[0];
  const ofChosen = chosen && { workflow: slug, version: chosen.version };
  return (
    <FirstContent
      queries={
        ofChosen === undefined
          ? []
          : [list, ...["workflow.source", "workflow.byId"].map((path) => firstQuery(path, ofChosen))]
      }
    >
      <OperatorsOnly>
        <WorkflowPage slug={slug} wanted={wanted} />
      </OperatorsOnly>
    </FirstContent>
  );
}
