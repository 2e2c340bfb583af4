import type { ReactNode } from "react";

/** A table that scrolls sideways in its panel where the screen is narrow. */
export function Table({
  label,
  head,
  children,
}: {
  readonly label: string;
  readonly head: readonly string[];
  readonly children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <section aria-label={label} tabIndex={0} className="panel overflow-x-auto">
      <table className="w-full text-left text-sm tabular-nums [&_td]:px-4 [&_td]:py-2.5 [&_td]:align-top [&_th]:px-4 [&_th]:py-2.5">
        <thead className="border-b text-xs text-muted">
          <tr>
            {head.map((name) => (
              <th key={name} scope="col" className="whitespace-nowrap font-medium">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y">{children}</tbody>
      </table>
    </section>
  );
}
