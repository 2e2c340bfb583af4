import { reach } from "@darkroom/client";
import type { FieldError } from "@darkroom/contracts";

/** What keys may not do, people do: make keys, and publish workflows. */
export interface Session {
  /** Calls one procedure as the account; rejects with an {@link ApiError}. */
  call<Answer>(procedure: string, input?: object): Promise<Answer>;
}

/** Who signs in; `code` is asked for only where the account has a second factor. */
export interface Account {
  readonly email: string;
  readonly password: string;
  readonly askCode: () => Promise<string>;
}

/** A refusal of the server. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: string;
  readonly fields: readonly FieldError[];
  readonly requestId: string | undefined;

  constructor({
    code = "UNKNOWN",
    message = "refused",
    fields = [],
    requestId,
  }: Partial<Pick<ApiError, "code" | "message" | "fields" | "requestId">>) {
    super(message);
    this.code = code;
    this.fields = fields;
    this.requestId = requestId;
  }
}

/** Signs in with email and password. Nothing of it is kept: its access token is forgotten with the process. */
export async function signIn(url: string, { email, password, askCode }: Account): Promise<Session> {
  const post = async <Answer>(path: string, body: object, headers: Record<string, string> = {}): Promise<Answer> => {
    const response = await reach(new URL(path, url), {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw await refusalOf(response);
    return (await response.json()) as Answer;
  };
  const token = (code: object = {}) => post<{ accessToken: string }>("/api/auth/token", { email, password, ...code });
  const { accessToken } = await token().catch(async (error: unknown) => {
    const wantsCode = error instanceof ApiError && error.fields.some(({ path }) => path === "code");
    if (!wantsCode) throw error;
    return token({ code: await askCode() });
  });
  return {
    async call<Answer>(procedure: string, input: object = {}) {
      const headers = { authorization: `Bearer ${accessToken}` };
      return (await post<{ result: { data: Answer } }>(`/api/trpc/${procedure}`, input, headers)).result.data;
    },
  };
}

/** Any refusal, in the shape of tRPC or of REST. */
export async function refusalOf(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  const error = (body.error ?? body) as { message?: string; code?: string; data?: object; fields?: ApiError["fields"] };
  return new ApiError({ message: error.message ?? `answered with ${response.status}`, ...error, ...error.data });
}
