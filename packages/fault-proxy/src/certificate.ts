import { generate } from "selfsigned";

/** PEM texts. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  /** Of the authority that signed it, and that no machine trusts by itself. */
  readonly ca: string;
  /** One of the same authority for whoever calls, with its private key. */
  readonly client: { readonly cert: string; readonly key: string };
}

const common = { keyType: "ec", algorithm: "sha256" } as const;

/** A server's certificate for 127.0.0.1 and localhost, and one for its callers, made for one test by an authority of its own. */
export async function createCertificate(): Promise<Certificate> {
  const authority = await generate([{ name: "commonName", value: "Darkroom's tests" }], {
    ...common,
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, critical: true },
    ],
  });
  const { cert, private: key } = await generate([{ name: "commonName", value: "localhost" }], {
    ...common,
    ca: { cert: authority.cert, key: authority.private },
    extensions: [
      { name: "basicConstraints", cA: false },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 7, ip: "127.0.0.1" },
        ],
      },
    ],
  });
  const caller = await generate([{ name: "commonName", value: "a worker" }], {
    ...common,
    ca: { cert: authority.cert, key: authority.private },
    extensions: [
      { name: "basicConstraints", cA: false },
      { name: "extKeyUsage", clientAuth: true },
    ],
  });
  return { cert, key, ca: authority.cert, client: { cert: caller.cert, key: caller.private } };
}
