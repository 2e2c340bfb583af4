import type { Metadata } from "next";
import { BatchPage } from "../../../features/batches/batch-page.tsx";
import { t } from "../../../language/say.ts";
import { firstBatch } from "../../../trpc/first-queries.ts";
import { FirstContent } from "../../first-content.tsx";

export const generateMetadata = (): Metadata => ({ title: t`Batch` });

export default async function Page({ params }: { params: Promise<{ batchId: string }> }) {
  const { batchId } = await params;
  return (
    <FirstContent queries={[firstBatch(batchId)]}>
      <BatchPage batchId={batchId} />
    </FirstContent>
  );
}
