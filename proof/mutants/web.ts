import type { Mutant } from "./mutant.ts";

const address = "apps/web/src/server/visitor-address.test.ts";
const outputs = "apps/web/src/server/outputs.test.ts";
const uploads = "apps/web/src/server/uploads.test.ts";
const workflows = "packages/api/src/workflows/edit-workflow.test.ts";

/** Guarded here: who may see, ask and run what. */
export const webMutants: Readonly<Record<string, Mutant>> = {
  "preview-owner": {
    guard: "a preview is given to those alone who may see the job",
    file: "apps/web/src/server/http.ts",
    text: "const work = id.success ? await attemptAtWork(database, { jobId: id.data, ownerIds }) : null;",
    replacement: "const work = id.success ? await attemptAtWork(database, { jobId: id.data, ownerIds: null }) : null;",
    tests: ["apps/web/src/server/preview.test.ts"],
    only: "not a byte of it to anybody else",
  },
  "visitor-last": {
    guard: "a visitor's address is what the proxy wrote, not what the visitor did",
    file: "apps/web/src/server/visitor-address.ts",
    text: ".at(-1)",
    replacement: ".at(0)",
    tests: [address],
  },
  "visitor-trust": {
    guard: "a forwarded address counts only behind a trusted proxy",
    file: "apps/web/src/server/visitor-address.ts",
    text: "trustProxy ? request",
    replacement: "true ? request",
    tests: [address],
  },
  "share-owner": {
    guard: "a picture is shared by its owner",
    file: "packages/api/src/output-views.ts",
    text: "const output = await outputFile(ctx.database, { outputId, ownerIds: ctx.principal.ownerIds });",
    replacement: "const output = await outputFile(ctx.database, { outputId, ownerIds: null });",
    tests: ["packages/api/src/visibility.test.ts"],
    only: "shared by its owner alone",
  },
  "share-copy": {
    guard: "what is shared is a copy, without what ComfyUI wrote into the file",
    file: "apps/web/src/server/outputs.ts",
    text: "await openThumbnail(storage, found.storageKey, { width: Number.POSITIVE_INFINITY, format })",
    replacement: "await storage.open(found.storageKey)",
    tests: [outputs],
    only: "a shared picture is seen by anyone",
  },
  "share-hash": {
    guard: "what the database keeps of a shared address opens nothing",
    file: "apps/web/src/server/outputs.ts",
    text: "sharedOutput(database, shareHashOf(token))",
    replacement: "sharedOutput(database, token)",
    tests: [outputs],
    only: "a shared picture is seen by anyone",
  },
  "fetch-off": {
    guard: "nothing is fetched where that is switched off",
    file: "apps/web/src/server/uploads.ts",
    text: "  if (!byUrl) {",
    replacement: "  if (byUrl === undefined) {",
    tests: [uploads],
  },
  "fetch-public": {
    guard: "an address inside our network is not fetched",
    file: "apps/web/src/server/fetch-public.ts",
    text: "addresses.length === 0 || !addresses.every(({ address }) => isAllowed(address))",
    replacement: "addresses.length === 0",
    tests: [uploads],
  },
  "fetch-redirect": {
    guard: "a redirect is a new address",
    file: "apps/web/src/server/fetch-public.ts",
    text: "await once(url, isAllowed, signal)",
    replacement: "await once(url, redirects === 0 ? isAllowed : () => true, signal)",
    tests: [uploads],
  },
  "fetch-pinned": {
    guard: "the connection goes to the address that was looked at",
    file: "apps/web/src/server/fetch-public.ts",
    text: "    lookup: pinned,\n",
    replacement: "",
    tests: ["apps/web/src/server/fetch-public.test.ts"],
  },
  "fetch-protocol": {
    guard: "only http and https are fetched",
    file: "apps/web/src/server/fetch-public.ts",
    text: " || !/^https?:$/.test(url.protocol)",
    replacement: "",
    tests: [uploads],
  },
  "public-range": {
    guard: "only the public internet is public",
    file: "apps/web/src/server/public-address.ts",
    text: '.range() === "unicast"',
    replacement: '.range() !== "private"',
    tests: ["apps/web/src/server/public-address.test.ts"],
  },
  "submit-allowed": {
    guard: "no job is accepted of a graph with a node that nobody allowed",
    file: "packages/api/src/prepare-job.ts",
    text: "    await assertAllowed(ctx.database, definition.graph);\n",
    replacement: "",
    tests: [workflows],
    only: "however it came here",
  },
  "save-allowed": {
    guard: "no graph is stored with a node that nobody allowed",
    file: "packages/api/src/workflows/edit-workflow.ts",
    text: '  await assertAllowed(database, definition.graph, "definition.graph");\n',
    replacement: "",
    tests: [workflows],
    only: "a node that nobody allowed is refused",
  },
  "allow-admin": {
    guard: "only an admin allows nodes",
    file: "packages/api/src/routers/workflow.ts",
    text: 'allowNodes: procedure("admin", "session")',
    replacement: 'allowNodes: procedure("operator", "session")',
    tests: [workflows],
  },
  "draft-hidden": {
    guard: "nobody without a role runs a draft of a published workflow",
    file: "packages/api/src/find-workflow.ts",
    text: " || record.versionPublishedAt === null",
    replacement: "",
    tests: [workflows],
    only: "is nobody's until it is published",
  },
  "save-lock": {
    guard: "of two versions made from the same one, one is saved",
    file: "packages/db/src/save-workflow.ts",
    text: " FOR UPDATE`;",
    replacement: "`;",
    tests: [workflows],
    only: "made from the newest one only",
  },
};
