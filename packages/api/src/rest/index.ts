export { accountMethodsAt } from "./account-paths.ts";
export type { Document, DocumentOperation } from "./breaking-changes.ts";
export { callOperation } from "./call.ts";
export { openApiDocument } from "./document.ts";
export { findOperation, type Operation, operations } from "./operations.ts";
export { publishedWorkflows } from "./published.ts";
export { hasBody, readInput } from "./read-input.ts";
