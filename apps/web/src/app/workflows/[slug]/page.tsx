import type { Metadata } from "next";
import { OperatorsOnly } from "../../../features/workflows/editor/operators-only.tsx";
import { WorkflowPage } from "../../../features/workflows/editor/workflow-page.tsx";
import { t } from "../../../language/say.ts";

export const generateMetadata = (): Metadata => ({ title: t`Workflow` });

interface Place {
  params: Promise<{ slug: string }>;
  searchParams: Promise<{ version?: string }>;
}

export default async function Page({ params, searchParams }: Place) {
  const [{ slug }, { version }] = await Promise.all([params, searchParams]);
  return (
    <OperatorsOnly>
      <WorkflowPage slug={slug} wanted={version === undefined ? null : Number(version)} />
    </OperatorsOnly>
  );
}
