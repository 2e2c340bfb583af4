import type { IncomingMessage, ServerResponse } from "node:http";
import { DarkroomError, unstorableField } from "@darkroom/contracts";
import type { Accounts } from "./accounts/accounts.ts";
import { answerToken, endSession, namesRefreshToken, type TokenParts } from "./accounts/token-answer.ts";
import { ADDRESS_HEADER } from "./address-header.ts";
import type { Admission, AdmissionControl } from "./admission.ts";
import type { AccessTokens } from "./credentials/access-token.ts";
import type { SessionCookie } from "./credentials/session-cookie.ts";
import { type OriginCheck, originRejected } from "./origin.ts";
import { readBody } from "./read-body.ts";

/** Names, passwords and tokens are short; anything longer is not for us. */
const MAX_BODY_BYTES = 16 * 1024;

export interface NodeHandlerParts {
  readonly accounts: () => Promise<Accounts>;
  readonly sessionCookie: Pick<SessionCookie, "resigned" | "write">;
  readonly accessTokens: AccessTokens;
  /** Whether a session is still good. */
  readonly isSession: (token: string) => Promise<boolean>;
  readonly admission: Pick<AdmissionControl, "now">;
  readonly isAllowedOrigin: OriginCheck;
  readonly publicUrls: readonly string[];
  readonly addressOf: (request: IncomingMessage) => string | undefined;
}

/**
 * Answers `/api/auth/*`; rejects with errors that are not better-auth's own refusals, such as an outage of Postgres. Our
 * own Origin rule stands before better-auth's: a write needs an allowed Origin, or none and no cookie (a script that signs
 * in).
 */
export function createNodeHandler(parts: NodeHandlerParts) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const isRead = request.method === "GET" || request.method === "HEAD";
    if (!isRead) assertOrigin(parts.isAllowedOrigin, request.headers);
    assertOpen(await parts.admission.now(), request.url ?? "");
    const body = isRead ? null : withoutNulls(await readBody(request, { maxBytes: MAX_BODY_BYTES }));
    assertStorable(request, body);
    const accounts = await parts.accounts();
    const ask = (asked: Request): Promise<Response> => accounts.handler(asked).catch(refuseUnreadable);
    const answer = isOfTokens(request, body)
      ? await tokens(parts, request, body, ask)
      : await ask(webRequest(parts, request, body));
    const content = Buffer.from(await answer.arrayBuffer());
    // Its router says nothing at all of a path that it does not know.
    if (answer.status === 404 && content.length === 0) throw new DarkroomError("NOT_FOUND", "There is nothing here.");
    if (answer.status === 422 && content.includes("FAILED_TO_CREATE_USER")) throw notStored();

    response.statusCode = answer.status;
    for (const [name, value] of answer.headers) {
      if (name !== "set-cookie") response.setHeader(name, value);
    }
    for (const cookie of answer.headers.getSetCookie()) response.appendHeader("set-cookie", cookie);
    const retryAfter = answer.headers.get("x-retry-after");
    if (retryAfter !== null) response.setHeader("retry-after", retryAfter);
    response.setHeader("cache-control", "private, no-store");
    response.end(content);
  };
}

const pathOf = ({ url = "" }: IncomingMessage): string => new URL(url, "http://localhost").pathname;

/** What clients without cookies ask: `POST /api/auth/token`, and signing out by a refresh token. */
const isOfTokens = (request: IncomingMessage, body: string | null): boolean =>
  request.method === "POST" &&
  (pathOf(request) === "/api/auth/token" || (pathOf(request) === SIGN_OUT && namesRefreshToken(jsonIn(body))));

const SIGN_OUT = "/api/auth/sign-out";

/** Answers {@link isOfTokens}; no cookie is set by it. */
async function tokens(
  parts: NodeHandlerParts,
  request: IncomingMessage,
  body: string | null,
  handle: (asked: Request) => Promise<Response>,
): Promise<Response> {
  const ask: TokenParts["ask"] = (path, asked, cookies = []) => {
    const inner = webRequest(parts, request, JSON.stringify(asked));
    // The tokens are the caller's alone: a browser's cookies have nothing to do with them.
    inner.headers.set("cookie", cookies.join("; "));
    // Asked by us: our own rule of origins has let the caller in, who need not have one.
    inner.headers.set("origin", parts.publicUrls[0] ?? "");
    return handle(new Request(new URL(`/api/auth${path}`, inner.url), inner));
  };
  const { accessTokens, isSession, sessionCookie } = parts;
  const cookieOf = (token: string): string => sessionCookie.write(token).split(";")[0] ?? "";
  return Response.json(
    pathOf(request) === SIGN_OUT
      ? await endSession(jsonIn(body), { ask, cookieOf })
      : await answerToken(jsonIn(body), { accessTokens, isSession, ask }),
  );
}

/** better-auth hides behind this code that a new account could not be written, which is never the visitor's doing. */
const notStored = (): DarkroomError =>
  new DarkroomError("UNAVAILABLE", "The account could not be made at the moment. Please try again.", {
    retryAfterSeconds: 2,
  });

/** better-auth throws, as if it were a fault of ours, where a second factor was encrypted with a secret that is gone. */
function refuseUnreadable(error: unknown): never {
  const message = error instanceof Error ? error.message : "";
  if (!/^(Secret version \d+ not found|invalid tag)/.test(message)) throw error;
  throw new DarkroomError(
    "FORBIDDEN",
    "Your second factor can't be read any more: the secret of this Darkroom was changed. Ask whoever runs it to take it away, then sign in and add it anew.",
    { cause: error },
  );
}

/** Refuses what the settings or an operator have switched off. Signing out is always possible. */
function assertOpen({ signUp, accounts }: Admission, url: string): void {
  if (!accounts && /\/(token|sign-(in|up)|callback|reset-password)\b/.test(url)) {
    throw new DarkroomError("FORBIDDEN", "There are no accounts here.");
  }
  if (!signUp && /\/sign-up\b/.test(url)) {
    throw new DarkroomError(
      "FORBIDDEN",
      "Nobody can sign up here at the moment. Sign in if you have an account, or ask whoever runs this Darkroom to open sign-up.",
    );
  }
}

/** Refuses texts that Postgres could not store, which better-auth would answer with 500. What is no JSON is left to it. */
function assertStorable({ url = "/" }: IncomingMessage, body: string | null): void {
  const query = Object.fromEntries(new URL(url, "http://localhost").searchParams);
  const field = unstorableField(query) ?? unstorableField(jsonIn(body));
  if (field !== null) throw new DarkroomError("INPUT_INVALID", `${field.path} ${field.message}.`, { fields: [field] });
}

function jsonIn(body: string | null): unknown {
  try {
    return body === null ? null : JSON.parse(body);
  } catch {
    return null;
  }
}

/** The body without the fields that are null: at every door of ours they are fields that were left out. What is no JSON stays as it is. */
function withoutNulls(body: string): string {
  const fields = jsonIn(body);
  if (typeof fields !== "object" || fields === null || !Object.values(fields).includes(null)) return body;
  return JSON.stringify(fields, (_, value) => value ?? undefined);
}

/** Refuses a write that another site may have caused. */
export function assertOrigin(
  isAllowedOrigin: OriginCheck,
  { origin, cookie }: { origin?: string | undefined; cookie?: string | undefined },
): void {
  if (origin === undefined ? cookie === undefined : isAllowedOrigin(origin)) return;
  throw originRejected(origin);
}

function webRequest(
  { publicUrls, addressOf, sessionCookie }: NodeHandlerParts,
  request: IncomingMessage,
  body: string | null,
): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  const cookies = headers.get("cookie");
  if (cookies !== null) headers.set("cookie", sessionCookie.resigned(cookies));
  headers.set(ADDRESS_HEADER, addressOf(request) ?? "127.0.0.1");
  // The address is ours, not the Host header's: a forged Host must not decide where a link leads.
  const url = new URL(request.url ?? "/", publicUrls[0]);
  return new Request(url, {
    method: request.method ?? "GET",
    headers,
    ...(body === null ? {} : { body }),
  });
}
