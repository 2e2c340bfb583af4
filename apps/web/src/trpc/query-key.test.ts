import { getQueryKey } from "@trpc/react-query";
import { expect, it } from "vitest";
import { keyOf } from "./query-key.ts";
import { trpc } from "./react-hooks.tsx";

it("keeps an answer under the key by which tRPC's helpers find, change and forget it", () => {
  expect(keyOf(["session", "me"], undefined, "query")).toEqual(getQueryKey(trpc.session.me, undefined, "query"));
  const one = { workflow: "portrait", version: 2 };
  expect(keyOf(["workflow", "byId"], one, "query")).toEqual(getQueryKey(trpc.workflow.byId, one, "query"));
  const many = { limit: 30 };
  expect(keyOf(["upload", "list"], many, "infinite")).toEqual(getQueryKey(trpc.upload.list, many, "infinite"));
});
