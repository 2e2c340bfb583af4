"use client";

import { useEffect, useRef, useState } from "react";
import { useConnection } from "../../../trpc/hooks/use-connection.ts";
import { createPreviewLoader, type PreviewLoader } from "./preview-loader.ts";

/** The picture at `url` as an object URL that is decoded already, so that swapping to it never flashes. */
async function load(url: string): Promise<string | null> {
  const response = await fetch(url);
  if (response.status !== 200) return null;
  const objectUrl = URL.createObjectURL(await response.blob());
  const image = new Image();
  image.src = objectUrl;
  try {
    await image.decode();
    return objectUrl;
  } catch (error) {
    URL.revokeObjectURL(objectUrl);
    throw error;
  }
}

/** The newest preview that has arrived, as an object URL; null without one. Asked for again when the socket is back. */
export function usePreview(url: string | null): string | null {
  const [shown, setShown] = useState<string | null>(null);
  const { reconnects } = useConnection();
  const loader = useRef<PreviewLoader | null>(null);
  const isWanted = url !== null;

  useEffect(() => {
    if (!isWanted) return;
    const created = createPreviewLoader({ load, show: setShown });
    loader.current = created;
    return () => {
      created.stop();
      loader.current = null;
      setShown(null);
    };
  }, [isWanted]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what was missed while the socket was away has no event
  useEffect(() => {
    if (url !== null) loader.current?.want(url);
  }, [url, reconnects]);

  // Revoke the old object URL only after React has committed the new one, or the card would flash.
  useEffect(() => () => URL.revokeObjectURL(shown ?? ""), [shown]);
  return shown;
}
