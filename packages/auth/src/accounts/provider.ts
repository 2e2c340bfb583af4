/** An OpenID Connect provider at which people sign in instead; whoever it lets in has an account here. */
export interface Provider {
  /** `https://login.example.com`. */
  readonly issuer: string;
  readonly clientId: string;
  /** Null for a public client. */
  readonly clientSecret: string | null;
  /** What people call it. */
  readonly name: string;
}

/** The provider's name in addresses: the one to register with it is `PUBLIC_URL/api/auth/callback/oidc`. */
export const PROVIDER_ID = "oidc";

/** Longer than it takes to answer; those who sign in with a password meanwhile wait for it too. */
const DEADLINE_MS = 3000;

/** Where a provider says what it is, by OpenID Connect Discovery 1.0. */
export const discoveryUrl = ({ issuer }: Provider): string =>
  `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;

/** Whether it can be reached now. */
export async function answers(provider: Provider): Promise<boolean> {
  try {
    return (await fetch(discoveryUrl(provider), { signal: AbortSignal.timeout(DEADLINE_MS) })).ok;
  } catch {
    return false;
  }
}
