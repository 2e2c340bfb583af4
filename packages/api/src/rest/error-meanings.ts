import type { ErrorCode } from "@darkroom/contracts";

/** What each code means to a caller; the answer's own message says more. */
export const errorMeanings: Readonly<Record<ErrorCode, string>> = {
  UNAUTHENTICATED: "There is no such API key or session, or not any more.",
  FORBIDDEN: "The caller's role, or the key's scopes, do not reach as far.",
  ORIGIN_REJECTED: "A page of another origin sent it with somebody's cookie.",
  NOT_FOUND: "There is no such thing, or it is somebody else's.",
  INPUT_INVALID: "The input breaks a rule; `fields` says which field and which rule.",
  WORKFLOW_NOT_FOUND: "No workflow has this id or slug.",
  WORKFLOW_INVALID: "The workflow cannot be run or saved as it is.",
  WORKFLOW_CONFLICT: "Somebody saved a newer version meanwhile, or the slug is taken.",
  IDEMPOTENCY_CONFLICT: "This idempotency key was used for another request.",
  NO_CAPABLE_BACKEND: "No live backend has the nodes or models that it needs.",
  RATE_LIMITED: "Too many calls at once, or submits in a minute; `retryAfterSeconds` says when to try again.",
  QUOTA_EXCEEDED: "The generations of the hour are used up.",
  QUEUE_FULL: "Too many jobs wait, the caller's own or everyone's.",
  JOB_ENDED: "The job has ended, so it cannot be canceled.",
  JOB_NOT_ENDED: "The job has not ended yet.",
  JOB_FAILED: "The job failed, where its picture was asked for; the message says why.",
  JOB_CANCELED: "The job was canceled, where its picture was asked for.",
  UPLOAD_INVALID: "The file is no picture, video, sound or 3D model that can be read.",
  UPLOAD_TOO_LARGE: "The file or the body is larger than allowed.",
  UNAVAILABLE: "Postgres or the storage does not answer now; try again.",
  INTERNAL: "A fault of ours; the log has it under the request's id.",
};
