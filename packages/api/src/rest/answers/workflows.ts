import { parameterSchema } from "@darkroom/contracts";
import { z } from "zod";
import { named, pageOf, time } from "./components.ts";

const workflow = {
  workflowId: z.string(),
  slug: z.string(),
  name: z.string(),
  description: z.string(),
  version: z.int(),
  published: z.boolean(),
  archived: z.boolean(),
  latestVersion: z.int().exactOptional(),
};
const choices = z.array(z.union([z.string(), z.number(), z.boolean()]));
const file = z.object({
  name: z.string(),
  kind: z.enum(["image", "mask", "video", "audio", "3d"]),
  required: z.boolean(),
});
export const workflowPage = pageOf(
  "WorkflowPage",
  z.object({ ...workflow, files: z.array(file), canRun: z.boolean() }),
);
export const workflowDetail = named(
  "Workflow",
  z.object({
    ...workflow,
    parameters: z.array(z.intersection(parameterSchema, z.object({ choices: choices.exactOptional() }))),
    timeoutSeconds: z.number().nullable(),
    lacks: z.array(z.string()),
  }),
);
export const workflowVersions = pageOf(
  "WorkflowVersionPage",
  z.object({
    version: z.int(),
    createdAt: time,
    current: z.boolean(),
    publishedAt: time.nullable(),
    note: z.string().nullable(),
    createdBy: z.string().nullable(),
    publishedBy: z.string().nullable(),
    accepted: z.array(z.string()),
  }),
);
