/** Loads previews one at a time. What is wanted meanwhile replaces what was wanted before, so a slow line gets fewer. */
export interface PreviewLoader {
  want(url: string): void;
  /** Wants nothing more; what is on its way is not shown. */
  stop(): void;
}

/** `load` answers null when there is nothing at the URL any more; a rejection counts the same. */
export function createPreviewLoader<Picture>({
  load,
  show,
}: {
  readonly load: (url: string) => Promise<Picture | null>;
  readonly show: (picture: Picture) => void;
}): PreviewLoader {
  let wanted: string | null = null;
  let isLoading = false;
  let isStopped = false;

  async function loadWanted(): Promise<void> {
    isLoading = true;
    while (wanted !== null) {
      const url = wanted;
      wanted = null;
      // The job moved on, or the line broke: the last picture stays until there is a newer one.
      const picture = await load(url).catch(() => null);
      if (picture !== null && !isStopped) show(picture);
    }
    isLoading = false;
  }

  return {
    want: (url) => {
      if (isStopped) return;
      wanted = url;
      if (!isLoading) void loadWanted();
    },
    stop: () => {
      isStopped = true;
      wanted = null;
    },
  };
}
