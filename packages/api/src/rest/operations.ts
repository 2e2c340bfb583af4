import type { inferRouterOutputs } from "@trpc/server";
import type { z } from "zod";
import type { Door, HttpDoor } from "../access/doors.ts";
import { type AppRouter, appRouter } from "../app-router.ts";
import * as answers from "./answers/index.ts";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
type Procedure = Exclude<Door, HttpDoor>;
type Outputs = inferRouterOutputs<AppRouter>;
/** Without `readonly`, which is nothing to JSON, and which tRPC takes away in some places and not in others. */
type Plain<T> = T extends object ? { -readonly [Key in keyof T]: Plain<T[Key]> } : T;
type AnswerOf<Path extends string> = Path extends `${infer Router extends keyof Outputs}.${infer Name}`
  ? Name extends keyof Outputs[Router]
    ? Plain<Outputs[Router][Name]>
    : never
  : never;

/** A verb and a path of REST, and the procedure that it calls: with the path's names, the query and the body as its input. */
export interface Operation {
  readonly method: Method;
  /** Below `/api/v1`; `{name}` is a field of the input. */
  readonly path: string;
  readonly procedure: Procedure;
  readonly summary: string;
  readonly answer: z.ZodType;
  /** Of what it makes: 201. */
  readonly status: 200 | 201;
}

type Same<Path extends Procedure, Schema extends z.ZodType> = [AnswerOf<Path>] extends [Plain<z.output<Schema>>]
  ? unknown
  : { readonly "the procedure answers what the schema does not say": never };

/** A row of the table. It does not compile unless the procedure answers exactly what the schema says. */
function row<Path extends Procedure, Schema extends z.ZodType<AnswerOf<Path>>>(
  at: `${Method} /${string}`,
  procedure: Path,
  summary: string,
  answer: Schema & Same<Path, Schema>,
  { status = 200 }: { readonly status?: 200 | 201 } = {},
): Operation {
  const [method, path] = at.split(" ") as [Method, string];
  return { method, path, procedure, summary, answer, status };
}

const made = { status: 201 } as const;

/** REST, whole but for what answers with more than JSON: files, event streams, and `/generate`, which waits. */
export const operations: readonly Operation[] = [
  row("GET /ping", "system.ping", "Say hello", answers.pong),
  row("GET /system", "system.info", "What runs here", answers.systemInfo),
  row("GET /session", "session.me", "Who asks, with their limits", answers.session),
  row("PATCH /session", "session.rename", "Change the name that is shown", answers.session),
  row("GET /account/usage", "account.usage", "How much of each limit is used", answers.accountUsage),
  row("GET /account/export", "account.export", "Where all that is yours is as one file", answers.accountExport),
  row("DELETE /account", "account.remove", "Remove the account with all that it made", answers.removedAccount),

  row("GET /workflows", "workflow.list", "List the workflows", answers.workflowPage),
  row("GET /workflows/{workflow}", "workflow.byId", "A workflow with its parameters", answers.workflowDetail),
  row("GET /workflows/{workflow}/versions", "workflow.versions", "Its versions", answers.workflowVersions),

  row("POST /jobs", "job.submit", "Submit a job", answers.submitted, made),
  row("GET /jobs", "job.list", "List jobs, newest first", answers.jobPage),
  row("POST /jobs/remove", "job.remove", "Remove several ended jobs", answers.removedJobs),
  row("GET /jobs/{jobId}", "job.byId", "A job as it is now", answers.job),
  row("DELETE /jobs/{jobId}", "job.remove", "Remove an ended job with its files", answers.removedJobs),
  row("POST /jobs/{jobId}/cancel", "job.cancel", "Cancel a job", answers.canceled),
  row("POST /jobs/{jobId}/retry", "job.retry", "Run a failed or canceled job again", answers.submitted, made),
  row("POST /jobs/{jobId}/rerun", "job.rerun", "Run an ended job again, changed", answers.submitted, made),
  row("GET /jobs/{jobId}/timeline", "job.timeline", "Its durable events", answers.timeline),
  row("GET /jobs/{jobId}/provenance", "job.provenance", "What made its files", answers.provenance),
  row("GET /jobs/{jobId}/drift", "job.drift", "What has changed since it ran", answers.drift),

  row("POST /jobs/{jobId}/look", "job.look", "Say that one looks at it, and learn who else does", answers.jobViewers),

  row("POST /batches", "job.submitBatch", "Submit several jobs as one", answers.submittedBatch, made),
  row("POST /batches/{batchId}/cancel", "job.cancel", "Cancel the jobs of a batch", answers.canceled),

  row("GET /outputs", "output.list", "List files that jobs made", answers.outputPage),
  row("GET /outputs/{outputId}", "output.byId", "What is known of a file", answers.libraryOutput),
  row("PUT /outputs/{outputId}/favorite", "output.favorite", "Mark as a favorite, or not", answers.favorite),
  row("PUT /outputs/{outputId}/share", "output.share", "Share by an address, or end that", answers.shared),
  row("DELETE /outputs/{outputId}", "output.remove", "Remove a file", answers.removedOutput),

  row("GET /gallery", "gallery.list", "List what is published, newest first", answers.sharedPicturePage),
  row("GET /shares/{token}", "gallery.byToken", "What is told of a shared picture", answers.sharedPicture),
  row("POST /shares/{token}/report", "gallery.report", "Report a shared picture to the operators", answers.reported),

  row("GET /uploads", "upload.list", "List uploads", answers.uploadPage),
  row("DELETE /uploads/{uploadId}", "upload.remove", "Remove an upload", answers.removedUpload),

  row("POST /events", "event.publish", "Add an event of one's own to a feed", answers.publishedEvent, made),

  row("PUT /push", "push.subscribe", "Have a browser told when a job ends and no page is open", answers.pushSubscribed),
  row("DELETE /push", "push.unsubscribe", "Have a browser told no more", answers.pushUnsubscribed),

  row("GET /webhooks", "webhook.list", "List webhooks", answers.webhookPage),
  row("POST /webhooks", "webhook.create", "Make a webhook; its secret is shown once", answers.webhookWithSecret, made),
  row("PATCH /webhooks/{webhookId}", "webhook.update", "Change a webhook", answers.webhookWithSecret),
  row("DELETE /webhooks/{webhookId}", "webhook.remove", "Remove a webhook", answers.removedWebhook),
  row(
    "GET /webhooks/{webhookId}/deliveries",
    "webhook.deliveries",
    "What was sent, newest first",
    answers.deliveryPage,
  ),
  row("POST /deliveries/{deliveryId}/redeliver", "webhook.redeliver", "Send again", answers.redelivery),

  row("GET /usage", "usage.list", "What each owner and key used in a period, for operators", answers.usagePage),

  row("GET /keys", "apiKey.list", "List API keys", answers.apiKeyPage),
  row("POST /keys", "apiKey.create", "Make an API key, which is shown once", answers.createdApiKey, made),
  row("DELETE /keys/{apiKeyId}", "apiKey.revoke", "Revoke an API key", answers.revokedApiKey),
];

/** What a procedure takes, as tRPC keeps it; undefined where it takes nothing. */
export function inputOf(procedure: Procedure): z.ZodType | undefined {
  const procedures = appRouter._def.procedures as unknown as Record<string, { _def: { inputs: z.ZodType[] } }>;
  return procedures[procedure]?._def.inputs[0];
}

const compiled = operations.map((operation) => ({
  operation,
  regex: new RegExp(`^${operation.path.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`),
}));

export interface FoundOperation {
  readonly operation: Operation;
  /** What the path names, as it stands there. */
  readonly params: Readonly<Record<string, string>>;
}

/** The operation at a path below `/api/v1`; where only the verb is wrong, the verbs that are right. */
export function findOperation(method: string, path: string): FoundOperation | { readonly allow: readonly Method[] } {
  const here = compiled.flatMap(({ operation, regex }) => {
    const match = regex.exec(path);
    return match === null ? [] : [{ operation, params: match.groups ?? {} }];
  });
  const asked = method === "HEAD" ? "GET" : method;
  const found = here.find(({ operation }) => operation.method === asked);
  return found ?? { allow: here.map(({ operation }) => operation.method) };
}
