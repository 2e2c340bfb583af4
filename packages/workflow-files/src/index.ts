export { pngWithTexts } from "./containers/png-texts.ts";
export type { GraphTexts } from "./meaning/graph-texts.ts";
export type { Parameters } from "./meaning/parameters.ts";
export { readWorkflowFile, type WorkflowFile } from "./read-workflow-file.ts";
export { type FileFault, WorkflowFileError } from "./workflow-file-error.ts";
