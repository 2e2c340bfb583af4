/** ComfyUI's flag that ends what runs: raised by `/interrupt`, taken by the next node that checks it. */
export interface Interrupt {
  raise(): void;
  /** Whether it was raised; then it no longer is. */
  take(): boolean;
  /** Resolves when it is raised next. One may wait at a time: only one node runs. */
  raised(): Promise<void>;
}

export function createInterrupt(): Interrupt {
  let isRaised = false;
  let wake: (() => void) | null = null;
  return {
    raise() {
      isRaised = true;
      wake?.();
    },
    take() {
      const wasRaised = isRaised;
      isRaised = false;
      return wasRaised;
    },
    raised: () =>
      new Promise((resolve) => {
        wake = resolve;
      }),
  };
}
