import { cx } from "./class-names.ts";

/** A grey shape where content will be, of the content's size. */
export function Skeleton({ className }: { className: string }) {
  return <div aria-hidden className={cx("animate-breathe rounded-lg bg-raised", className)} />;
}
