export { type Conversion, convertWorkflow } from "./convert.ts";
export { type NodeLayouts, readLayouts } from "./layout/read-layouts.ts";
export { isEditorWorkflow } from "./read/read-workflow.ts";
export { unwrapWorkflow } from "./read/unwrap.ts";
export { drawTexts, noteDynamicTexts } from "./texts/draw-texts.ts";
export { type Filled, fillDefaults } from "./values/fill-defaults.ts";
export { restoredId, restoreGraph } from "./write/restore-workflow.ts";
export { type WorkflowDocument, type WrittenWorkflow, writeWorkflow } from "./write/write-workflow.ts";
