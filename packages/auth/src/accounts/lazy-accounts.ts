import { createCooldown } from "@darkroom/contracts";
import type { AccountOptions, Accounts } from "./accounts.ts";
import { answers } from "./provider.ts";

/** How long after a try a provider that did not answer is asked again. */
const PROVIDER_RETRY_MS = 10_000;

/**
 * better-auth, loaded for the first who needs it: that takes longer than everything else a web process loads, and a process
 * that is started again should be back soon.
 *
 * It asks a provider only once what it is, and would be without it for good; so it is made without one that does not
 * answer, and anew later.
 */
export function createLazyAccounts(options: AccountOptions): () => Promise<Accounts> {
  const isTimeToAsk = createCooldown(PROVIDER_RETRY_MS);
  let made: Promise<Accounts> | undefined;
  let lacksProvider = false;

  async function make(): Promise<Accounts> {
    const { createAccounts } = await import("./accounts.ts");
    const provider = options.provider !== null && (await answers(options.provider)) ? options.provider : null;
    lacksProvider = provider !== options.provider;
    return createAccounts({ ...options, provider });
  }

  return () => {
    if (made === undefined || (lacksProvider && isTimeToAsk("provider"))) made = make();
    return made;
  };
}
