import type { Metadata } from "next";
import { ImportWorkflow } from "../../../features/workflows/editor/import-workflow.tsx";
import { OperatorsOnly } from "../../../features/workflows/editor/operators-only.tsx";
import { t } from "../../../language/say.ts";

export const generateMetadata = (): Metadata => ({ title: t`Import a workflow` });

export default function ImportPage() {
  return (
    <OperatorsOnly>
      <ImportWorkflow />
    </OperatorsOnly>
  );
}
