/** Resolves after `ms` milliseconds, in browsers too. Only servers have `node:timers/promises`, whose waits can be aborted. */
export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
