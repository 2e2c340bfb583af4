import { t, tServer } from "../../language/say.ts";

/** The token within a pasted link, or the text itself. */
export function tokenIn(text: string): string {
  const trimmed = text.trim();
  try {
    return new URL(trimmed).hash.slice(1) || trimmed;
  } catch {
    return trimmed;
  }
}

/** Claims the admin role; null if it worked, else why not. */
export async function claimAdmin(text: string): Promise<string | null> {
  try {
    const response = await fetch("/api/admin/claim", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token: tokenIn(text) }),
    });
    if (response.ok) return null;
    const body: unknown = await response.json().catch(() => null);
    const message =
      typeof body === "object" && body !== null && "message" in body && typeof body.message === "string"
        ? tServer(body.message)
        : null;
    return message ?? t`This token is not valid: it was used, it is too old, or it is not complete.`;
  } catch {
    return t`The server can't be reached. Check the connection and try again.`;
  }
}
