import type { Metadata } from "next";
import { OperatorsOnly } from "../../features/workflows/editor/operators-only.tsx";
import { WorkflowList } from "../../features/workflows/editor/workflow-list.tsx";
import { t } from "../../language/say.ts";
import { firstQuery } from "../../trpc/first-queries.ts";
import { FirstContent } from "../first-content.tsx";

export const generateMetadata = (): Metadata => ({ title: t`Workflows` });

export default function WorkflowsPage() {
  return (
    <FirstContent queries={[firstQuery("workflow.list", { all: true, limit: 100 })]}>
      <OperatorsOnly>
        <WorkflowList />
      </OperatorsOnly>
    </FirstContent>
  );
}
