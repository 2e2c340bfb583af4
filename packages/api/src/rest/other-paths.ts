import type { JsonSchema } from "@darkroom/contracts";
import { TOKEN_PATH, tokenPath } from "./account-paths.ts";
import type { Document } from "./breaking-changes.ts";

// What answers with more than JSON, or waits: the routes that are no procedures.

const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: JsonSchema) => ({ "application/json": { schema } });
const uuid = { type: "string", format: "uuid" };
const inPath = (name: string) => ({ name, in: "path", required: true, schema: uuid });
const lastEventId = {
  name: "Last-Event-ID",
  in: "header",
  description:
    "The id of the last event that arrived: the stream goes on after it. A browser's EventSource sends it by itself.",
  schema: { type: "string" },
};
const bytes = { type: "string", contentMediaType: "application/octet-stream" };
const file = { content: { "application/octet-stream": { schema: bytes } } };

const events = (summary: string) => ({
  tags: ["events"],
  summary,
  description: [
    "Server-sent events. `snapshot` comes first: `{ jobs }`, and with `reset: true` where the id that was sent cannot be used",
    "any more. Then each event under its own type, as `JobEvent`, and after each the event `progress` in the plain form",
    "(`PlainProgress`), for clients that want one shape. A job's stream ends after its end: asked again with the last id it",
    "answers 204, so that an EventSource stays away.",
  ].join(" "),
  responses: {
    200: {
      description: "The events",
      content: { "text/event-stream": { schema: { anyOf: [ref("JobEvent"), ref("PlainProgress")] } } },
    },
    204: { description: "The job has ended, and everything was told" },
  },
});

const generate = {
  post: {
    operationId: "generate",
    tags: ["jobs"],
    summary: "Submit a job and wait for its end",
    description: [
      "Answers with the job, whatever its end: `state` tells. The status and the header `X-Job-Id` come at once, white space",
      "every 15 s until the job. `?outputs=base64` adds the files as `dataUrl` to its outputs, up to 32 MB together. With",
      "`Accept: image/*` (or `video/*`, `audio/*`) the answer is the first file itself, and nothing is sent before the end:",
      "502 if the job failed, 499 if it was canceled. A caller who hangs up loses the answer and not the job.",
    ].join(" "),
    parameters: [
      {
        name: "outputs",
        in: "query",
        required: false,
        schema: { type: "string", enum: ["url", "base64"], default: "url" },
      },
    ],
    requestBody: { required: true, content: json(ref("Submit")) },
    responses: {
      200: {
        description: "The job, or its picture",
        headers: { "X-Job-Id": { schema: uuid } },
        content: { ...json(ref("Job")), "image/*": { schema: bytes } },
      },
      499: { description: "`JOB_CANCELED`", content: json(ref("Error")) },
      502: { description: "`JOB_FAILED`", content: json(ref("Error")) },
    },
  },
};

export const handWrittenPaths: Readonly<Record<string, Document["paths"][string]>> = {
  "/api/v1/generate": generate,
  "/api/generate": { post: { ...generate.post, operationId: "generateShort" } },
  [TOKEN_PATH]: tokenPath,
  "/api/v1/events": {
    get: {
      operationId: "getEvents",
      parameters: [lastEventId],
      ...events("Everything that happens to the caller's jobs"),
    },
  },
  "/api/v1/jobs/{jobId}/events": {
    get: {
      operationId: "getJobEvents",
      parameters: [inPath("jobId"), lastEventId],
      ...events("Everything that happens to a job, until its end"),
    },
  },
  "/api/v1/uploads": {
    post: {
      operationId: "postUploads",
      tags: ["uploads"],
      summary: "Upload a picture, video, sound or 3D model",
      requestBody: {
        required: true,
        content: {
          "multipart/form-data": {
            schema: {
              type: "object",
              properties: { file: { type: "string", contentMediaType: "application/octet-stream" } },
              required: ["file"],
            },
          },
        },
      },
      responses: { 200: { description: "What is known of it", content: json(ref("Uploaded")) } },
    },
  },
  "/api/v1/uploads/{uploadId}/file": {
    get: {
      operationId: "getUploadFile",
      tags: ["uploads"],
      summary: "The file of an upload",
      parameters: [inPath("uploadId")],
      responses: { 200: { description: "The file", ...file } },
    },
  },
  "/api/v1/usage.csv": {
    get: {
      operationId: "getUsageCsv",
      tags: ["usage"],
      summary: "What each owner and key used in a period, for operators, as a table",
      description: "The rows of `GET /usage`, all of them, with a first line of their names.",
      parameters: ["from", "to"].map((name) => ({
        name,
        in: "query",
        required: false,
        schema: { type: "string", format: "date" },
      })),
      responses: { 200: { description: "The rows", content: { "text/csv": { schema: { type: "string" } } } } },
    },
  },
  "/api/v1/outputs/{outputId}/file": {
    get: {
      operationId: "getOutputFile",
      tags: ["outputs"],
      summary: "A file that a job made, as it is or as a smaller copy",
      parameters: [
        inPath("outputId"),
        { name: "width", in: "query", required: false, schema: { type: "integer", minimum: 1, maximum: 8192 } },
        { name: "format", in: "query", required: false, schema: { type: "string" } },
      ],
      responses: { 200: { description: "The file", ...file } },
    },
  },
};
