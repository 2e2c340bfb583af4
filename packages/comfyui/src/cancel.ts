import { z } from "zod";
import { ComfyProtocolError } from "./errors.ts";
import type { HttpConnection } from "./http/http-connection.ts";

const answerSchema = z.looseObject({ cancelled: z.boolean() });

/** `POST /api/jobs/{id}/cancel`, which newer servers have: one call that stops one prompt, and says whether it did. */
export interface CancelRoute {
  /** The server's word that it removed or is stopping the prompt; null if it has no such route. Throws ComfyUnreachable. */
  ask(promptId: string): Promise<boolean | null>;
  /** The server may be another version now. */
  forget(): void;
}

/** Asks for the route once and remembers the answer: a version number would say less, and forks have numbers of their own. */
export function createCancelRoute(http: HttpConnection, timeoutMs: number): CancelRoute {
  let isThere = true;
  return {
    async ask(promptId) {
      if (!isThere) return null;
      const path = `/api/jobs/${encodeURIComponent(promptId)}/cancel`;
      const { status, body } = await http.text({ method: "POST", path, timeoutMs });
      // A proxy that lost its server says nothing about the server.
      if (status > 500) throw new ComfyProtocolError(`POST ${path} answered ${status}`, status);
      const answer = status === 200 ? answerSchema.safeParse(parse(body)) : null;
      if (answer?.success === true) return answer.data.cancelled;
      isThere = false;
      return null;
    },
    forget: () => {
      isThere = true;
    },
  };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
