import type { RetentionChanges, RetentionKind, RetentionRule } from "../../../trpc/hooks/use-retention.ts";

/** What stands in the fields that were typed in, by kind and rule. */
export type RetentionDraft = Partial<Record<RetentionKind, Partial<Record<keyof RetentionRule, string>>>>;

/** The rules that a draft asks for: an empty field takes a rule back. */
export function changesOf(draft: RetentionDraft): RetentionChanges {
  const ruleOf = (fields: Partial<Record<keyof RetentionRule, string>>): Partial<RetentionRule> =>
    Object.fromEntries(Object.entries(fields).map(([rule, text]) => [rule, text === "" ? null : Number(text)]));
  return Object.fromEntries(Object.entries(draft).map(([kind, fields]) => [kind, ruleOf(fields)]));
}
