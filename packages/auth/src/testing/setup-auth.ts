import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { DarkroomError, newId } from "@darkroom/contracts";
import type { Database } from "@darkroom/db";
import { createTestDatabase } from "@darkroom/db/testing";
import { inject, onTestFinished } from "vitest";
import type { Admission } from "../admission.ts";
import { createAuth } from "../auth.ts";

export const ORIGIN = "http://localhost:3000";
let addresses = 0;

/** A web process, which ends with the test; `beside`: another one on the database of that. */
export async function setupAuth({
  admission,
  beside,
  secret = "s".repeat(32),
  earlierSecrets = [],
}: {
  admission?: Admission;
  beside?: Database;
  secret?: string;
  earlierSecrets?: readonly string[];
} = {}) {
  const { database, drop } =
    beside === undefined
      ? await createTestDatabase(inject("postgresUrl"))
      : { database: beside, drop: async () => undefined };
  onTestFinished(drop);
  // better-auth counts per address and process: every test comes from an address of its own.
  addresses += 1;
  const address = `10.0.0.${addresses}`;
  const auth = createAuth({
    database,
    secret,
    earlierSecrets,
    publicUrls: [ORIGIN],
    secureCookies: false,
    addressOf: () => address,
    ...(admission && { admission }),
  });
  const server = createServer((request, response) => {
    auth.handle(request, response).catch((error: unknown) => {
      response.statusCode = error instanceof DarkroomError ? 403 : 500;
      response.end(error instanceof DarkroomError ? error.code : String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  /** Posts to better-auth as a browser on our origin does; answers the status and the cookies it then has. */
  async function post(
    path: string,
    body: object,
    { cookie = "", origin = ORIGIN }: { cookie?: string; origin?: string | null } = {},
  ) {
    const response = await fetch(`${base}/api/auth${path}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(origin === null ? {} : { origin }),
        ...(cookie === "" ? {} : { cookie }),
      },
      body: JSON.stringify(body),
    });
    const jar = new Map(
      cookie
        .split("; ")
        .filter(Boolean)
        .map((pair) => pair.split(/=(.*)/s).slice(0, 2) as [string, string]),
    );
    for (const set of response.headers.getSetCookie()) {
      const [name = "", value = ""] = (set.split(";")[0] ?? "").split(/=(.*)/s);
      if (value === "") jar.delete(name);
      else jar.set(name, value);
    }
    return {
      status: response.status,
      retryAfter: response.headers.get("retry-after"),
      text: await response.text(),
      cookie: [...jar].map((pair) => pair.join("=")).join("; "),
    };
  }

  /** A visitor's first request. */
  async function visit() {
    const { principal, setCookie } = await auth.identify({});
    return { ownerId: principal.ownerId, cookie: (setCookie ?? "").split(";")[0] ?? "" };
  }
  const signUp = (cookie: string, email = `${newId()}@example.com`) =>
    post("/sign-up/email", { name: "Ada", email, password: "correct horse" }, { cookie });

  return { database, auth, post, visit, signUp };
}
