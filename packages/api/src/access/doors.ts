import type { ApiKeyScope, Role } from "@darkroom/contracts";

/** Who may come in at a door. */
export interface Access {
  /** The role it takes. `public` and `guest` let every visitor in; `public` says that it tells nothing of anyone. */
  readonly role: "public" | Role;
  /** The scopes an API key needs, all of them; `refused` keeps keys out: only people at a browser may do it. */
  readonly keys: readonly ApiKeyScope[] | "refused";
}

type Keys = readonly ApiKeyScope[] | "refused";
const everyone = (keys: Keys): Access => ({ role: "public", keys });
const guest = (keys: Keys): Access => ({ role: "guest", keys });
const member = (keys: Keys): Access => ({ role: "member", keys });
const operator = (keys: Keys): Access => ({ role: "operator", keys });
const admin = (keys: Keys): Access => ({ role: "admin", keys });

const read: Keys = ["read"];
const submit: Keys = ["submit"];
/** Reached with any key: what is asked inside has a row of its own, or is nothing that a key opens. */
const anyKey: Keys = [];
const noKey: Keys = "refused";

/**
 * Every way into the system: the procedures by their path, whatever carries them (HTTP, a batch, the socket, server-sent
 * events), and the HTTP routes by method and path. One table, because two would come to disagree.
 */
export const doors = {
  "system.ping": everyone(read),
  "system.info": everyone(read),
  "system.onNotice": everyone(read),
  "session.me": everyone(read),
  "session.rename": guest(noKey),

  "workflow.list": everyone(read),
  "workflow.byId": everyone(read),
  "workflow.versions": everyone(read),
  "workflow.source": operator(read),
  "workflow.export": operator(read),
  "workflow.diff": operator(read),
  "workflow.import": operator(submit),
  "workflow.check": operator(submit),
  "workflow.save": operator(noKey),
  "workflow.publish": operator(noKey),
  "workflow.archive": operator(noKey),
  "workflow.allowedNodes": operator(read),
  "workflow.allowNodes": admin(noKey),
  "workflow.forbidNodes": admin(noKey),

  "job.submit": guest(submit),
  "job.submitBatch": guest(submit),
  "job.byId": guest(read),
  "job.list": guest(read),
  "job.timeline": guest(read),
  "job.provenance": guest(read),
  "job.drift": guest(read),
  // It tells others that somebody looks.
  "job.look": guest(submit),
  "job.cancel": guest(submit),
  "job.remove": guest(submit),
  "job.retry": guest(submit),
  "job.rerun": guest(submit),
  "job.onEvent": guest(read),
  "job.onFeed": guest(read),

  "output.list": guest(read),
  "output.byId": guest(read),
  // By a link. Into the gallery a picture is put by people alone, as whatever else is said to everybody in their name: `share-output.ts`.
  "output.share": guest(submit),
  "output.favorite": guest(submit),
  "output.remove": guest(submit),

  // Where guests are kept out, the gallery is for those with an account; what is shared by its address is for whoever has that.
  "gallery.list": guest(read),
  "gallery.byToken": everyone(read),
  "gallery.report": guest(submit),
  "gallery.hide": operator(noKey),

  "upload.list": guest(read),
  "upload.remove": guest(submit),

  "account.usage": guest(read),
  "account.export": guest(read),
  "account.remove": guest(noKey),

  "apiKey.list": member(noKey),
  "apiKey.create": member(noKey),
  "apiKey.revoke": member(noKey),

  "event.publish": member(submit),

  "push.subscribe": guest(noKey),
  "push.unsubscribe": guest(noKey),

  "webhook.list": member(read),
  "webhook.create": member(submit),
  "webhook.update": member(submit),
  "webhook.remove": member(submit),
  "webhook.deliveries": member(read),
  "webhook.redeliver": member(submit),

  "queue.stats": operator(read),
  "queue.pause": operator(noKey),
  "queue.resume": operator(noKey),
  "queue.waiting": operator(read),
  "queue.promote": operator(noKey),
  "queue.deadLetters": operator(read),
  "queue.redrive": operator(noKey),
  "queue.discard": operator(noKey),

  "backend.list": operator(read),
  "backend.drain": operator(noKey),
  "backend.resume": operator(noKey),
  "backend.faults": operator(read),
  "backend.setFaults": operator(noKey),

  "monitor.overview": operator(read),
  // Whose connections they are, and since when.
  "monitor.connections": admin(read),
  "monitor.onOverview": operator(read),
  "monitor.onMetric": operator(read),
  "monitor.onAlert": operator(read),
  "monitor.metrics": operator(read),

  "alert.list": operator(read),
  "alert.acknowledge": operator(noKey),
  "alert.silence": operator(noKey),

  // What each operator did is for those who make operators.
  "audit.list": admin(read),

  "notice.broadcast": operator(noKey),

  "usage.list": operator(read),

  "retention.preview": operator(read),
  "retention.set": operator(noKey),

  "user.list": operator(noKey),
  // What an operator may set is less than what an admin may.
  "user.setRole": operator(noKey),
  "user.entrances": operator(noKey),
  "user.setEntrance": operator(noKey),

  // Asked by machines, often and while things are down: nobody is looked up.
  "GET /api/health": everyone(anyKey),
  "GET /api/ready": everyone(anyKey),
  // Each call inside has its own row.
  "ANY /api/trpc/*": everyone(anyKey),
  "GET /ws": guest(anyKey),
  // Sessions and their cookies; a key is not looked at.
  "ANY /api/auth/*": everyone(anyKey),
  "POST /api/admin/claim": everyone(noKey),
  "POST /api/uploads": guest(submit),
  "GET /api/uploads/:uploadId": guest(read),
  // It answers with the job, which takes what `job.byId` takes.
  "POST /api/generate": guest(["submit", "read"]),
  "GET /api/openapi.json": everyone(read),
  "GET /api/docs": everyone(read),
  "POST /api/v1/generate": guest(["submit", "read"]),
  // What the subscription that it carries takes, which has its own row too.
  "GET /api/v1/events": guest(read),
  "GET /api/v1/jobs/:jobId/events": guest(read),
  "POST /api/v1/uploads": guest(submit),
  "GET /api/v1/uploads/:uploadId/file": guest(read),
  "GET /api/v1/outputs/:outputId/file": guest(read),
  // What the procedure takes that it asks, page by page.
  "GET /api/v1/usage.csv": operator(read),
  // Each call inside has its own row.
  "ANY /api/v1/*": everyone(anyKey),
  "GET /api/account/export": guest(read),
  "GET /api/jobs/:jobId/preview": guest(read),
  "GET /api/outputs.zip": guest(read),
  "GET /api/outputs/:outputId": guest(read),
  "GET /api/shares/:token": everyone(read),
  "GET /api/ws/status": everyone(read),
  "GET /api/ws/stats": admin(read),
  "GET /metrics": operator(read),
} satisfies Record<string, Access>;

export type Door = keyof typeof doors;
/** A door of the gateway itself: `METHOD /path`. */
export type HttpDoor = Extract<Door, `${string} /${string}`>;

/** What a door takes; null for one that is not in the table. */
export function accessTo(door: string): Access | null {
  return Object.hasOwn(doors, door) ? doors[door as Door] : null;
}
