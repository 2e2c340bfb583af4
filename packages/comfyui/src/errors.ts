/** Errors of a conversation with a ComfyUI server: small classes with a stable `code` and the facts as fields. */

export interface NodeErrorDetail {
  /** ComfyUI's own word, for example `value_not_in_list`. */
  readonly type: string;
  readonly message: string;
  readonly details: string;
  readonly inputName: string | null;
  readonly received: unknown;
  /** The choices that would have been accepted, if the server listed them. */
  readonly allowed: readonly string[] | null;
}

export interface NodeError {
  readonly nodeId: string;
  readonly classType: string;
  readonly errors: readonly NodeErrorDetail[];
}

/** What a failed run said. `message` and `exceptionType` may be shown; `traceback` has server paths and may not. */
export interface PromptFailure {
  readonly nodeId: string | null;
  readonly nodeType: string | null;
  /** The Python name, with its module unless builtin: `ValueError`, `torch.OutOfMemoryError`. */
  readonly exceptionType: string;
  readonly message: string;
  readonly traceback: readonly string[];
}

export type ComfyErrorCode = "COMFY_UNREACHABLE" | "PROMPT_REJECTED" | "TRANSFER_BROKEN" | "COMFY_PROTOCOL";

export abstract class ComfyError extends Error {
  abstract readonly code: ComfyErrorCode;
}

/** The server did not answer in time or at all. A POST may have arrived all the same: look before sending again. */
export class ComfyUnreachable extends ComfyError {
  readonly code = "COMFY_UNREACHABLE";
  /**
   * True if its host refused the connection: nothing listens at the address, so the server's process is gone, and the queue
   * that it kept in memory with it. A reset or a silence proves nothing of the kind.
   */
  readonly isRefused: boolean;

  constructor(baseUrl: string, what: string, options?: ErrorOptions) {
    super(`ComfyUI at ${withoutCredentials(baseUrl)} is unreachable: ${what}`, options);
    this.name = "ComfyUnreachable";
    this.isRefused = wasRefused(options?.cause);
  }
}

/** True if a call failed because nothing listens at the server's address: see {@link ComfyUnreachable.isRefused}. */
export function isRefused(error: unknown): boolean {
  return error instanceof ComfyUnreachable && error.isRefused;
}

function wasRefused(cause: unknown): boolean {
  // A name with several addresses is dialled at each of them; one that is only silent may be the one that has the server.
  if (cause instanceof AggregateError) return cause.errors.length > 0 && cause.errors.every(wasRefused);
  return cause instanceof Error && "code" in cause && cause.code === "ECONNREFUSED";
}

/** An address as it may be logged and shown: without the name and password that a proxy may want. */
function withoutCredentials(url: string): string {
  return url.replace(/^(\w+:\/\/)[^/@]*@/, "$1");
}

/** The server refused the graph, or would have run only part of it. Nothing of it runs. */
export class PromptRejected extends ComfyError {
  readonly code = "PROMPT_REJECTED";
  /** ComfyUI's own word, for example `prompt_outputs_failed_validation`. */
  readonly type: string;
  readonly details: string;
  readonly nodeErrors: readonly NodeError[];
  /** True if the server took the valid part of the graph: it was told to stop that, and may hold it for a while. */
  readonly wasAccepted: boolean;

  constructor(
    type: string,
    message: string,
    details: string,
    nodeErrors: readonly NodeError[],
    { wasAccepted = false } = {},
  ) {
    super(message);
    this.name = "PromptRejected";
    this.type = type;
    this.details = details;
    this.nodeErrors = nodeErrors;
    this.wasAccepted = wasAccepted;
  }
}

/** The server broke off in the middle of a file. What was received is no file; it may come whole the next time. */
export class TransferBroken extends ComfyError {
  readonly code = "TRANSFER_BROKEN";
  readonly filename: string;
  readonly receivedBytes: number;
  /** Null if the server had not said how much would come. */
  readonly expectedBytes: number | null;

  constructor(filename: string, receivedBytes: number, expectedBytes: number | null, options?: ErrorOptions) {
    super(`${filename} broke off after ${receivedBytes} of ${expectedBytes ?? "?"} bytes`, options);
    this.name = "TransferBroken";
    this.filename = filename;
    this.receivedBytes = receivedBytes;
    this.expectedBytes = expectedBytes;
  }
}

/** The server answered something that the protocol does not allow. `status` is null if it was not an HTTP answer. */
export class ComfyProtocolError extends ComfyError {
  readonly code = "COMFY_PROTOCOL";
  readonly status: number | null;

  constructor(message: string, status: number | null = null) {
    super(message);
    this.name = "ComfyProtocolError";
    this.status = status;
  }
}
