import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

const fixed: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=()",
};

/**
 * Sets the headers that every answer carries. The content security policy's nonce goes to Next in the request's own
 * header, where Next looks for it and puts it on its scripts.
 */
export function setSecurityHeaders(
  request: IncomingMessage,
  response: ServerResponse,
  { dev, isHttps }: { readonly dev: boolean; readonly isHttps: boolean },
): void {
  // Only where the product is served by https at all: a browser would otherwise refuse its http address for a year.
  if (isHttps) response.setHeader("strict-transport-security", "max-age=31536000");

  for (const [name, value] of Object.entries(fixed)) response.setHeader(name, value);
  const nonce = randomBytes(16).toString("base64");
  // Next's development overlay evaluates code and injects styles; production does neither.
  const script = dev ? "'unsafe-inline' 'unsafe-eval'" : `'nonce-${nonce}' 'strict-dynamic'`;
  const policy = [
    "default-src 'self'",
    `script-src 'self' ${script}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "connect-src 'self' ws: wss:",
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
  response.setHeader("content-security-policy", policy);
  request.headers["content-security-policy"] = policy;
}
