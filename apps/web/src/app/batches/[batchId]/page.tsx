import type { Metadata } from "next";
import { BatchPage } from "../../../features/batches/batch-page.tsx";
import { t } from "../../../language/say.ts";

export const generateMetadata = (): Metadata => ({ title: t`Batch` });

export default async function Page({ params }: { params: Promise<{ batchId: string }> }) {
  const { batchId } = await params;
  return <BatchPage batchId={batchId} />;
}
