import type { JsonSchema } from "@darkroom/contracts";
import type { Document } from "./breaking-changes.ts";

// Accounts and their tokens: the routes below `/api/auth` that a program without a browser needs.

const json = (schema: JsonSchema) => ({ "application/json": { schema } });
const text = { type: "string" };
const object = (properties: Readonly<Record<string, JsonSchema>>, required: readonly string[]): JsonSchema => ({
  type: "object",
  properties,
  required: [...required],
});

const email = { type: "string", format: "email" };
const password = { type: "string", minLength: 8, maxLength: 128 };
const user = object({ id: text, email, name: text }, ["id", "email", "name"]);
const cookie = { "Set-Cookie": { description: "The session, for clients that hold cookies.", schema: text } };

/** Nobody has to be known to ask these. */
const anybody = { tags: ["auth"], security: [] };

const withBody = (schema: JsonSchema) => ({ requestBody: { required: true, content: json(schema) } });

const said = (description: string, schema: JsonSchema, headers?: object) => ({
  200: { description, content: json(schema), ...(headers !== undefined && { headers }) },
});

/** What the accounts' library refuses with; `POST /api/auth/token` refuses as every other path does. */
const refused = {
  default: {
    description: "Refused: a wrong password, an address that has an account, too many tries (429)",
    content: json({
      anyOf: [object({ code: text, message: text }, ["message"]), { $ref: "#/components/schemas/Error" }],
    }),
  },
};

export const accountPaths: Document["paths"] = {
  "/api/auth/sign-up/email": {
    post: {
      operationId: "signUp",
      ...anybody,
      summary: "Make an account",
      description: "The things of a guest whose cookie comes along go with it. `token` is a refresh token.",
      ...withBody(object({ name: text, email, password }, ["name", "email", "password"])),
      responses: {
        ...said("The account", object({ token: { type: ["string", "null"] }, user }, ["user"]), cookie),
        ...refused,
      },
    },
  },
  "/api/auth/sign-in/email": {
    post: {
      operationId: "signIn",
      ...anybody,
      summary: "Sign in with a cookie",
      description: "Where the account has a second factor, `twoFactorRedirect` is true and the code is still to come.",
      ...withBody(object({ email, password: text }, ["email", "password"])),
      responses: {
        ...said("Signed in", object({ twoFactorRedirect: { type: "boolean" }, user }, []), cookie),
        ...refused,
      },
    },
  },
  "/api/auth/sign-out": {
    post: {
      operationId: "signOut",
      tags: ["auth"],
      security: [{ session: [] }, {}],
      summary: "End the session of the cookie, or that of a refresh token",
      description:
        "With a `refreshToken` its access tokens are good no longer either. One that was ended before is no error.",
      requestBody: { required: false, content: json(object({ refreshToken: text }, [])) },
      responses: { ...said("Signed out", object({ success: { type: "boolean" } }, [])), ...refused },
    },
  },
};

export const TOKEN_PATH = "/api/auth/token";
/** Refused as every other path is. */
export const tokenPath: Document["paths"][string] = {
  post: {
    operationId: "token",
    ...anybody,
    summary: "Get an access token, for clients without cookies",
    description: [
      "With a password (and the `code` of a second factor), or with the `refreshToken` of an answer before. The access token",
      "goes into `Authorization: Bearer …`, and may do what its account may. It lasts 15 minutes.",
    ].join(" "),
    ...withBody({
      anyOf: [
        object({ email, password: text, code: text }, ["email", "password"]),
        object({ refreshToken: text }, ["refreshToken"]),
      ],
    }),
    responses: said(
      "The tokens",
      object({ accessToken: text, expiresInSeconds: { type: "integer" }, refreshToken: text }, [
        ...["accessToken", "expiresInSeconds", "refreshToken"],
      ]),
    ),
  },
};

/** The methods of a path of this file; none where it is none. */
export const accountMethodsAt = (pathname: string): readonly string[] =>
  Object.keys((pathname === TOKEN_PATH ? tokenPath : accountPaths[pathname]) ?? {}).map((name) => name.toUpperCase());
