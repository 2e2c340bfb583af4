import type { RetentionChanges, RetentionKind, RetentionRule } from "../../../trpc/hooks/operators/use-retention.ts";

type Fields = Partial<Record<keyof RetentionRule, string>>;

/** What stands in the fields that were typed in, by kind and rule; of previews their seconds. */
export type RetentionDraft = Partial<Record<RetentionKind, Fields>> & {
  readonly previews?: { readonly seconds: string };
};

const numberOf = (text: string): number | null => (text === "" ? null : Number(text));

/** The rules that a draft asks for: an empty field takes a rule back. */
export function changesOf({ previews, ...rules }: RetentionDraft): RetentionChanges {
  const ruleOf = (fields: Fields): Partial<RetentionRule> =>
    Object.fromEntries(Object.entries(fields).map(([rule, text]) => [rule, numberOf(text)]));
  return {
    ...Object.fromEntries(Object.entries(rules).map(([kind, fields]) => [kind, ruleOf(fields)])),
    ...(previews !== undefined && { previews: { seconds: numberOf(previews.seconds) } }),
  };
}
