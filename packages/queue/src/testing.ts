import { randomBytes } from "node:crypto";

/** A random key prefix: tests share one server and never flush it. */
export function testPrefix(): string {
  return `test-${randomBytes(4).toString("hex")}`;
}
