"use client";

import type { ImageInput } from "@darkroom/contracts";
import { useRouter, useSearchParams } from "next/navigation";
import { useEffect } from "react";
import { paths } from "../paths.ts";

interface FileFromUrlProps {
  readonly begin: (slug: string, file: { name: string; value: ImageInput } | null) => void;
}

/** `?workflow=<slug>` chooses it, once; `&name=image&output=<outputId>`, or `&upload=…`, begins its form with that file. */
export function FileFromUrl({ begin }: FileFromUrlProps) {
  const router = useRouter();
  const asked = useSearchParams();
  const [slug, name, outputId, uploadId] = ["workflow", "name", "output", "upload"].map((key) => asked.get(key));
  useEffect(() => {
    if (slug == null) return;
    const value = outputId != null ? { outputId } : uploadId != null ? { uploadId } : null;
    begin(slug, name == null || value === null ? null : { name, value });
    router.replace(paths.studio, { scroll: false });
  }, [begin, name, outputId, router, slug, uploadId]);
  return null;
}
