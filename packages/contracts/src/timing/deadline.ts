/**
 * What `work` settles to if it does within `ms` milliseconds, else what `onLate` answers or throws. `work` is not
 * stopped, and what becomes of it afterwards is ignored, its rejection too.
 */
export function withDeadline<Value, Late>(work: Promise<Value>, ms: number, onLate: () => Late): Promise<Value | Late> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      try {
        resolve(onLate());
      } catch (error) {
        reject(error);
      }
    }, ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
