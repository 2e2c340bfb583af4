import { DarkroomError } from "@darkroom/contracts";
import type { Context } from "../context.ts";

/**
 * Refuses an address that is seen to lead into our own network, in the words with which it would be refused when it is called.
 *
 * @throws DarkroomError `INPUT_INVALID` with the field
 */
export function assertCallable({ mayBeCalled }: Pick<Context, "mayBeCalled">, path: string, address: string): void {
  if (mayBeCalled(address)) return;
  const message = "must lead to a public address";
  throw new DarkroomError("INPUT_INVALID", `${path} ${message}.`, { fields: [{ path, message }] });
}
