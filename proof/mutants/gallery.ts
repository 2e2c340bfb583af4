// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is replaced is source code.
import type { Mutant } from "./mutant.ts";

const gallery = "packages/api/src/gallery/gallery.test.ts";
const outputs = "apps/web/src/server/routes/outputs.test.ts";

/** Guarded here: what is told of a shared picture and who may show, report and hide it. */
export const galleryMutants: Readonly<Record<string, Mutant>> = {
  "share-owner": {
    guard: "a picture is shared by its owner",
    file: "packages/api/src/gallery/share-output.ts",
    text: "const output = await outputById(ctx.database, { outputId, ownerIds: ctx.principal.ownerIds });",
    replacement: "const output = await outputById(ctx.database, { outputId, ownerIds: null });",
    tests: ["packages/api/src/access/visibility.test.ts"],
    only: "shared by its owner alone",
  },
  "share-told": {
    guard: "the address at which a picture is shared is told to its owner alone",
    file: "packages/api/src/overview/output-views.ts",
    text: "if (!ctx.principal.ownerIds.includes(ownerId)) return",
    replacement: "if (ownerId === null) return",
    tests: ["packages/api/src/access/visibility.test.ts"],
    only: "shared by its owner alone",
  },
  "share-facts": {
    guard: "of a shared picture only that is told which its owner names",
    file: "packages/api/src/gallery/shared-pictures.ts",
    text: "const tells = new Set(facts);",
    replacement: 'const tells = new Set(["prompt", "seed", "settings", "name", ...facts]);',
    tests: [gallery],
    only: "tells what its owner names",
  },
  "share-written": {
    guard: "settings tell nothing that somebody wrote unless the prompt is told",
    file: "packages/api/src/gallery/shared-pictures.ts",
    text: 'kind === "text" ? tells.has("prompt")',
    replacement: 'kind === "text" ? true',
    tests: [gallery],
    only: "tells what its owner names",
  },
  "share-second-seed": {
    guard: "settings tell no seed, whatever its name, unless the seed is told",
    file: "packages/api/src/gallery/shared-pictures.ts",
    text: 'kind === "seed" ? tells.has("seed")',
    replacement: 'kind === "seed" ? true',
    tests: [gallery],
  },
  "share-hidden": {
    guard: "what an operator took down nobody sees by its address",
    file: "packages/db/src/files/share-output.ts",
    text: "AND s.hidden_at IS NULL",
    replacement: "",
    tests: [gallery],
    only: "what operators take down",
  },
  "share-again": {
    guard: "what an operator took down is not shared again",
    file: "packages/api/src/gallery/share-output.ts",
    text: "if (hidden !== null) {",
    replacement: "if (hidden === undefined) {",
    tests: [gallery],
    only: "what operators take down",
  },
  "share-copy": {
    guard: "what is shared is a copy, without what ComfyUI wrote into the file",
    file: "packages/storage/src/images/thumbnails.ts",
    text: "const made = await storage.open(key);",
    replacement: "const made = await storage.open(original.storageKey);",
    tests: [outputs],
    only: "a shared picture is seen by anyone",
  },
  "share-hash": {
    guard: "what the database keeps of a shared address opens nothing",
    file: "apps/web/src/server/routes/shares.ts",
    text: 'sharedOutput(database, shareHashOf(params.token ?? ""))',
    replacement: 'sharedOutput(database, params.token ?? "")',
    tests: [outputs],
    only: "a shared picture is seen by anyone",
  },
  "gallery-closed": {
    guard: "a closed gallery shows and takes nothing",
    file: "packages/auth/src/admission.ts",
    text: "gallery: gallery && !closed.gallery",
    replacement: "gallery",
    tests: [gallery],
    only: "while it is open",
  },
  "gallery-blocked": {
    guard: "what a blocked owner has published is not shown",
    file: "packages/db/src/gallery/shared-pictures.ts",
    text: " AND w.role <> 'blocked'",
    replacement: "",
    tests: [gallery],
    only: "while it is open",
  },
  "reports-lock": {
    guard: "reports of one reporter that come at once are counted one after another",
    file: "packages/db/src/gallery/moderation.ts",
    text: "SELECT pg_advisory_xact_lock(hashtextextended(",
    replacement: "SELECT abs(hashtextextended(",
    tests: [gallery],
  },
  "report-address": {
    guard: "the guests of one address report a picture once",
    file: "packages/api/src/gallery/moderate.ts",
    text: 'principal.role === "guest" && addressKey !== null ? addressKey : principal.ownerId',
    replacement: "addressKey === null ? principal.ownerId : principal.ownerId",
    tests: [gallery],
    only: "a report counts once",
  },
};
