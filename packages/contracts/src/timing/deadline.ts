import { startPatience } from "./patience.ts";

/**
 * What `work` settles to if it does within `ms` milliseconds, else what `onLate` answers or throws. `work` is not
 * stopped, and what becomes of it afterwards is ignored, its rejection too. Time in which this process was too busy to
 * hear anything does not count, see {@link startPatience}.
 */
export function withDeadline<Value, Late>(work: Promise<Value>, ms: number, onLate: () => Late): Promise<Value | Late> {
  return new Promise((resolve, reject) => {
    const patience = startPatience(ms, () => {
      try {
        resolve(onLate());
      } catch (error) {
        reject(error);
      }
    });
    work.then(resolve, reject).finally(patience.end);
  });
}
