export * from "./client.ts";
export * from "./errors.ts";
export type { ComfyEvent, NodeState } from "./events.ts";
export type { UploadedFile, UploadInput, ViewedFile } from "./files.ts";
export type { HistoryEntry } from "./history.ts";
export type { ComfyTimeouts } from "./http/timeouts.ts";
export type { FrameCounts, Line } from "./line.ts";
export type { Frame } from "./messages.ts";
export type { ModelFiles } from "./models.ts";
export { type NodeChoices, nodeCatalog } from "./node-catalog.ts";
export { type DescribedNode, nodeInfo } from "./node-info.ts";

export { type ComfyFile, type ComfyFileKind, filesOfNode, filesOfRun, kindOfFile, textsOfNode } from "./outputs.ts";
export { failedPrompt } from "./prompt-errors.ts";

export type { Location, QueueState, SubmitInput } from "./prompts.ts";
export type { Subscription } from "./subscriptions.ts";
