"use client";

import { useState } from "react";
import { useServices } from "./provider.tsx";
import { type Refusal, toRefusal } from "./refusal.ts";

/** Shares an output. `url` is absolute; null while nothing was shared from here. */
export function useShare(outputId: string): {
  readonly url: string | null;
  readonly isBusy: boolean;
  readonly refusal: Refusal | null;
  share(): Promise<void>;
  end(): Promise<void>;
} {
  const { client } = useServices();
  const [url, setUrl] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const change = async (shared: boolean): Promise<void> => {
    setIsBusy(true);
    setRefusal(null);
    try {
      const answer = await client.output.share.mutate({ outputId, shared });
      setUrl(answer.url === null ? null : new URL(answer.url, window.location.href).href);
    } catch (error) {
      setRefusal(toRefusal(error));
    } finally {
      setIsBusy(false);
    }
  };
  return { url, isBusy, refusal, share: () => change(true), end: () => change(false) };
}
