import type { Mutant } from "./mutant.ts";

const account = "packages/api/src/routers/account.test.ts";
const admission = "packages/auth/src/admission.test.ts";
const secondFactor = "packages/auth/src/accounts/second-factor.test.ts";
const submit = "packages/db/src/jobs/submit-jobs.test.ts";

/** Guarded here: who may come in, and what an account cannot multiply. */
export const peopleMutants: Readonly<Record<string, Mutant>> = {
  "others-things-audited": {
    guard: "what an operator cancels or removes of somebody else is written down",
    file: "packages/api/src/access/audit.ts",
    text: "if (others !== null) await writeDown(ctx, { action, input, refused: null });",
    replacement: "",
    tests: ["packages/api/src/jobs/remove.test.ts"],
    only: "is written down",
  },
  "others-refused-audited": {
    guard: "why an operator was refused something of somebody else is written down",
    file: "packages/api/src/access/audit.ts",
    text: "await writeDown(ctx, { action, input, refused: errorFacts(error).code });",
    replacement: "",
    tests: ["packages/api/src/jobs/remove.test.ts"],
    only: "is written down",
  },
  "second-factors-renewed": {
    guard: "second factors are encrypted anew after a change of the secret, so that the one before it can go",
    file: "packages/auth/src/accounts/renew-second-factors.ts",
    text: "else await replaceSecondFactor(database, { was, now });",
    replacement: "else continue;",
    tests: [secondFactor],
    only: "second factors are encrypted anew",
  },
  "second-factor-unread": {
    guard: "who has a second factor that no secret reads is told what to do",
    file: "packages/auth/src/node-handler.ts",
    text: ".catch(refuseUnreadable)",
    replacement: "",
    tests: [secondFactor],
    only: "second factors are encrypted anew",
  },
  "push-by-earlier-key": {
    guard: "browsers that subscribed before the secret was changed are told with the key of then",
    file: "apps/web/src/server/push/push-sender.ts",
    text: "[options.keys, ...(options.earlierKeys ?? [])]",
    replacement: "[options.keys]",
    tests: ["apps/web/src/server/push/push-sender.test.ts"],
    only: "subscribed before",
  },
  "secret-renewed": {
    guard: "who holds a cookie of before the secret was changed gets one that holds without it",
    file: "packages/auth/src/identity.ts",
    text: 'sessionCookie.signer(cookies) === "earlier" ? sessionCookie.write(token) : null',
    replacement: "null",
    tests: [secondFactor],
    only: "another secret signs nobody out",
  },
  "guests-off": {
    guard: "where guests are switched off a visitor may do nothing",
    file: "packages/auth/src/identity.ts",
    text: 'principal.role === "guest" && !guests',
    replacement: "false",
    tests: [admission],
    only: "where guests are switched off",
  },
  "sign-up-off": {
    guard: "where sign-up is switched off nobody makes an account",
    file: "packages/auth/src/node-handler.ts",
    text: "if (!signUp && ",
    replacement: "if (signUp === null && ",
    tests: [admission],
    only: "where sign-up is switched off",
  },
  "sign-in-off": {
    guard: "where accounts are switched off nobody signs in",
    file: "packages/auth/src/node-handler.ts",
    text: "if (!accounts && ",
    replacement: "if (accounts === null && ",
    tests: [admission],
    only: "where accounts are switched off",
  },
  "entrance-closed": {
    guard: "what an operator closes is closed",
    file: "packages/auth/src/admission.ts",
    text: "guests: guests && !closed.guests",
    replacement: "guests",
    tests: [admission],
    only: "what an operator closes",
  },
  "entrance-bound": {
    guard: "an operator opens nothing that the settings close",
    file: "packages/auth/src/admission.ts",
    text: "guests: guests && !closed.guests",
    replacement: "guests: !closed.guests",
    tests: [admission],
    only: "an operator opens nothing",
  },
  "sessions-off": {
    guard: "where accounts are switched off an open session counts as none when it is looked at again",
    file: "packages/auth/src/identity.ts",
    text: '  if (credential.kind === "session" && !admitted.accounts) return null;\n',
    replacement: "",
    tests: [admission],
    only: "where accounts are switched off",
  },
  "fresh-address": {
    guard: "accounts are limited by address on their first day",
    file: "packages/db/src/steps/counted-address.sql",
    text: "o.kind = 'guest' OR coalesce(u.created_at, o.created_at) > now() - interval '1 day' THEN",
    replacement: "o.kind = 'guest' THEN",
    tests: [submit],
  },
  "block-operator": {
    guard: "an operator blocks no operator and no admin",
    file: "packages/api/src/routers/user.ts",
    text: 'if (hasRole(owner.role, "operator")) {',
    replacement: 'if (hasRole(owner.role, "operator") && hasRole(role, "admin")) {',
    tests: [account],
  },
};
