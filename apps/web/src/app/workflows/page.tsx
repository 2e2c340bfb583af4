import type { Metadata } from "next";
import { OperatorsOnly } from "../../features/workflows/editor/operators-only.tsx";
import { WorkflowList } from "../../features/workflows/editor/workflow-list.tsx";

export const metadata: Metadata = { title: "Workflows" };

export default function WorkflowsPage() {
  return (
    <OperatorsOnly>
      <WorkflowList />
    </OperatorsOnly>
  );
}
