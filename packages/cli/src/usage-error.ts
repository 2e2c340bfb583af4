import type { FieldError } from "@darkroom/contracts";

/** A mistake in how a command was called. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly fields: readonly FieldError[];

  /** `path`: the argument, the option or the input; `rule`: what it breaks. */
  constructor(path: string, rule: string) {
    super(`${path} ${rule}.`);
    this.fields = [{ path, message: rule }];
  }
}
