/**
 * Calls back. What a callback throws is its own program's: it is thrown again where nobody else's work is under way, so that the
 * next event, and everyone else who waits, is told all the same.
 */
export function call<Args extends readonly unknown[]>(callback: (...args: Args) => void, ...args: Args): void {
  try {
    callback(...args);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
