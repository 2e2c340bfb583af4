import { accountRouter } from "./routers/account.ts";
import { alertRouter } from "./routers/alert.ts";
import { apiKeyRouter } from "./routers/api-key.ts";
import { auditRouter } from "./routers/audit.ts";
import { backendRouter } from "./routers/backend.ts";
import { eventRouter } from "./routers/event.ts";
import { galleryRouter } from "./routers/gallery.ts";
import { jobRouter } from "./routers/job.ts";
import { monitorRouter } from "./routers/monitor.ts";
import { noticeRouter } from "./routers/notice.ts";
import { outputRouter } from "./routers/output.ts";
import { pushRouter } from "./routers/push.ts";
import { queueRouter } from "./routers/queue.ts";
import { retentionRouter } from "./routers/retention.ts";
import { sessionRouter } from "./routers/session.ts";
import { systemRouter } from "./routers/system.ts";
import { uploadRouter } from "./routers/upload.ts";
import { usageRouter } from "./routers/usage.ts";
import { userRouter } from "./routers/user.ts";
import { webhookRouter } from "./routers/webhook.ts";
import { workflowRouter } from "./routers/workflow.ts";
import { router } from "./trpc.ts";

/** Everything Darkroom can be asked, over HTTP, the socket and REST. */
export const appRouter = router({
  system: systemRouter,
  session: sessionRouter,
  workflow: workflowRouter,
  job: jobRouter,
  output: outputRouter,
  gallery: galleryRouter,
  upload: uploadRouter,
  account: accountRouter,
  apiKey: apiKeyRouter,
  webhook: webhookRouter,
  event: eventRouter,
  push: pushRouter,
  queue: queueRouter,
  backend: backendRouter,
  usage: usageRouter,
  user: userRouter,
  monitor: monitorRouter,
  alert: alertRouter,
  audit: auditRouter,
  notice: noticeRouter,
  retention: retentionRouter,
});

export type AppRouter = typeof appRouter;
