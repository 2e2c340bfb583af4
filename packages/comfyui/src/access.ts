/**
 * What a server, or the proxy before it, wants of whoever calls it. It goes with every request and every socket to that
 * server and nowhere else: redirects are not followed, and no error or log repeats it.
 */
export interface ComfyAccess {
  /** Sent with every request and with the upgrade of every socket. */
  readonly headers: Readonly<Record<string, string>>;
  /** PEM certificates of the authorities that the server's certificate may come from, and no others; null: those that Node knows. */
  readonly ca: string | null;
  /** Who calls, where the server wants a certificate of its callers; null: it is shown none. */
  readonly client: ClientCertificate | null;
}

/** PEM texts: a certificate, with those between it and its authority, and the private key of it. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
}

/** For a server that anybody may call. */
export const openAccess: ComfyAccess = { headers: {}, ca: null, client: null };

/** What TLS is begun with; nothing where there is none. */
export const tlsOptions = ({ ca, client }: ComfyAccess) => ({ ...(ca !== null && { ca }), ...client });
