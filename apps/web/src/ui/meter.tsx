import { cx } from "./class-names.ts";

/** How much of something is taken, from 0 to 1, beside the words that say it; warns in colour when little is left. */
export function Meter({ share }: { readonly share: number }) {
  const percent = Math.round(Math.min(1, Math.max(0, share)) * 100);
  return (
    <div aria-hidden className="h-1.5 overflow-hidden rounded-full bg-line">
      <div
        className={cx("h-full rounded-full transition-[width] duration-500", percent >= 92 ? "bg-warn" : "bg-edge")}
        style={{ width: `${percent}%` }}
      />
    </div>
  );
}
