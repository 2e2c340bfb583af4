/** What keys may not do, people do: make keys, and publish workflows. */
export interface Session {
  /** Calls one procedure as the account; rejects with an {@link ApiError}. */
  call<Answer>(procedure: string, input?: object): Promise<Answer>;
}

/** A refusal of the server. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: string;
  readonly fields: readonly { readonly path: string; readonly message: string }[];

  constructor({
    code = "UNKNOWN",
    message = "refused",
    fields = [],
  }: Partial<Pick<ApiError, "code" | "message" | "fields">>) {
    super(message);
    this.code = code;
    this.fields = fields;
  }
}

/** Signs in with email and password. Nothing of it is kept: the session ends with the process. */
export async function signIn(url: string, account: { email: string; password: string }): Promise<Session> {
  const headers = { "content-type": "application/json", origin: new URL(url).origin };
  const post = (path: string, body: object, cookie = "") =>
    fetch(new URL(path, url), { method: "POST", headers: { ...headers, cookie }, body: JSON.stringify(body) });
  const signedIn = await post("/api/auth/sign-in/email", account);
  if (!signedIn.ok) throw await refusalOf(signedIn);
  const cookie = signedIn.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  return {
    async call<Answer>(procedure: string, input: object = {}) {
      const response = await post(`/api/trpc/${procedure}`, input, cookie);
      if (!response.ok) throw await refusalOf(response);
      return ((await response.json()) as { result: { data: Answer } }).result.data;
    },
  };
}

/** Any refusal, in the shape of tRPC, of REST or of accounts. */
export async function refusalOf(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  const error = (body.error ?? body) as { message?: string; code?: string; data?: object; fields?: ApiError["fields"] };
  return new ApiError({ message: error.message ?? `answered with ${response.status}`, ...error, ...error.data });
}
