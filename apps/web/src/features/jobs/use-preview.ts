"use client";

import { useEffect, useState } from "react";

/**
 * The newest preview that has arrived, as a URL that is already decoded: swapping to it never flashes. The next one is
 * asked for when the last is there, so a slow connection gets fewer of them.
 */
export function usePreview(url: string | null): string | null {
  const [shown, setShown] = useState<string | null>(null);
  useEffect(() => {
    if (url === null) {
      setShown(null);
      return;
    }
    let isCurrent = true;
    const image = new Image();
    image.src = url;
    image.decode().then(
      () => isCurrent && setShown(url),
      () => {
        // The job moved on and the preview is gone; the last one stays.
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [url]);
  return shown;
}
