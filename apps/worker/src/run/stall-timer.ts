/** How long a run has given no sign of itself. Time without a socket that hears it says nothing, so it does not count. */
export interface Silence {
  /** A sign; the socket hears it. */
  broken(): void;
  /** The socket hears nothing from here on. */
  deaf(): void;
  /** It hears again; the silence goes on where it was. */
  hearing(): void;
  /** In milliseconds. */
  length(): number;
}

/** Not counting until the first sign, or until it hears. */
export function createSilence(now: () => number): Silence {
  let before = 0;
  let since: number | null = null;
  const sinceThen = (): number => (since === null ? 0 : now() - since);
  return {
    broken: () => {
      before = 0;
      since = now();
    },
    deaf: () => {
      before += sinceThen();
      since = null;
    },
    hearing: () => {
      since ??= now();
    },
    length: () => before + sinceThen(),
  };
}
