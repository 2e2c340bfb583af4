import type { Metadata } from "next";
import { ImportWorkflow } from "../../../features/workflows/editor/import-workflow.tsx";
import { OperatorsOnly } from "../../../features/workflows/editor/operators-only.tsx";

export const metadata: Metadata = { title: "Import a workflow" };

export default function ImportPage() {
  return (
    <OperatorsOnly>
      <ImportWorkflow />
    </OperatorsOnly>
  );
}
