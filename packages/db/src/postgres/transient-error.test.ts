import { expect, test } from "vitest";
import { classify, isTransient } from "./transient-error.ts";

const withCode = (code: string): Error => Object.assign(new Error(`failed with ${code}`), { code });

test.each([
  ["40001", "serialization failure"],
  ["40P01", "deadlock"],
  ["55P03", "a lock was not to be had in time"],
])("%s (%s) was rolled back and may succeed at once", (code) => expect(classify(withCode(code))).toBe("retry"));

test.each([
  ["08000", "connection exception"],
  ["08001", "cannot connect"],
  ["08003", "connection does not exist"],
  ["08006", "connection failure"],
  ["08P01", "protocol violation"],
  ["25006", "a standby after a failover takes no writes"],
  ["25P03", "idle in a transaction for too long"],
  ["25P04", "transaction timeout"],
  ["40003", "nobody knows whether it was committed"],
  ["3F000", "the functions of this program are not installed"],
  ["42703", "a column that a pending migration makes"],
  ["42883", "a function that a pending migration makes"],
  ["42P01", "a table that a pending migration makes"],
  ["53000", "out of resources"],
  ["53100", "disk full"],
  ["53200", "out of memory"],
  ["53300", "too many connections"],
  ["53400", "configured limit exceeded"],
  ["57014", "statement timeout"],
  ["57P01", "admin shutdown"],
  ["57P02", "crash shutdown"],
  ["57P03", "starting or stopping"],
  ["57P04", "database dropped"],
  ["57P05", "idle session timeout"],
  ["58000", "system error"],
  ["58030", "I/O error of the server's disk"],
  ["CONNECTION_CLOSED", "the driver"],
  ["CONNECTION_DESTROYED", "the driver"],
  ["CONNECTION_ENDED", "the driver"],
  ["CONNECT_TIMEOUT", "the driver"],
  ["CONNECTION_LOST", "our own deadline of a transaction"],
  ["EADDRNOTAVAIL", "no free local port"],
  ["EAI_AGAIN", "DNS does not answer"],
  ["ECONNABORTED", "socket"],
  ["ECONNREFUSED", "socket"],
  ["ECONNRESET", "socket"],
  ["EHOSTDOWN", "socket"],
  ["EHOSTUNREACH", "socket"],
  ["EMFILE", "out of file descriptors"],
  ["ENETDOWN", "socket"],
  ["ENETUNREACH", "socket"],
  ["ENFILE", "out of file descriptors"],
  ["ENOBUFS", "socket"],
  ["ENOTFOUND", "DNS knows no such name at the moment"],
  ["EPIPE", "socket"],
  ["ETIMEDOUT", "socket"],
])("%s (%s) is an outage", (code) => expect(classify(withCode(code))).toBe("outage"));

test.each([
  ["22021", "invalid text"],
  ["22P02", "not a UUID"],
  ["23503", "foreign key"],
  ["23505", "unique"],
  ["28P01", "wrong password"],
  ["3D000", "no such database"],
  ["42601", "syntax error"],
  ["55000", "not in the right state"],
  ["XX000", "internal error"],
  ["XX001", "data corrupted"],
  ["ENOENT", "no such file"],
  ["ERR_INVALID_ARG_TYPE", "Node"],
])("%s (%s) is a bug", (code) => expect(classify(withCode(code))).toBe("bug"));

test("what a library wrapped is known by its cause; what is no error of a database is a bug", () => {
  expect(classify(new Error("Failed query", { cause: new Error("again", { cause: withCode("40P01") }) }))).toBe(
    "retry",
  );
  expect(classify(new TypeError("x is undefined"))).toBe("bug");
  expect(classify("57P01")).toBe("bug");
  expect(classify(undefined)).toBe("bug");
  const loop = new Error("its own cause");
  loop.cause = loop;
  expect(classify(loop)).toBe("bug");
});

test("everything but a bug may succeed when it is tried again", () => {
  expect([withCode("40P01"), withCode("57P01"), withCode("23505")].map(isTransient)).toEqual([true, true, false]);
});
