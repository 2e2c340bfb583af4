import type { Exchange, HttpParts } from "./route.ts";

/** `/api/auth/*`: signing up, in and out. */
export function authenticate({ request, response }: Exchange, { auth }: HttpParts): Promise<void> {
  return auth.handle(request, response);
}
