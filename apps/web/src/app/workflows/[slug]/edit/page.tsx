import type { Metadata } from "next";
import { EditWorkflow } from "../../../../features/workflows/editor/edit-workflow.tsx";
import { OperatorsOnly } from "../../../../features/workflows/editor/operators-only.tsx";
import { t } from "../../../../language/say.ts";

export const generateMetadata = (): Metadata => ({ title: t`Edit a workflow` });

interface Place {
  params: Promise<{ slug: string }>;
  searchParams: Promise<{ version?: string }>;
}

export default async function Page({ params, searchParams }: Place) {
  const [{ slug }, { version }] = await Promise.all([params, searchParams]);
  return (
    <OperatorsOnly>
      <EditWorkflow slug={slug} version={Math.max(1, Number(version) || 1)} />
    </OperatorsOnly>
  );
}
