import type { ComponentProps, ReactNode } from "react";
import { cx } from "./class-names.ts";

const looks = {
  primary:
    "bg-safelight-strong text-on-safelight font-semibold hover:brightness-110 active:brightness-95 shadow-[0_8px_24px_-10px_var(--safelight-strong)]",
  plain: "border border-line bg-raised text-ink hover:border-edge",
  quiet: "text-muted hover:bg-raised hover:text-ink",
  danger: "border border-line bg-raised text-bad hover:border-bad",
} as const;

const sizes = {
  small: "min-h-8 px-2.5 text-[0.8125rem] gap-1.5 rounded-lg",
  medium: "min-h-10 px-4 gap-2 rounded-[0.625rem]",
  large: "min-h-12 px-6 gap-2 rounded-xl text-base",
} as const;

interface Look {
  readonly look?: keyof typeof looks;
  readonly size?: keyof typeof sizes;
}

/** The classes of a button, for links that look like one. */
export function buttonClasses({ look = "plain", size = "medium" }: Look = {}): string {
  return cx("button", looks[look], sizes[size]);
}

export function Button({ look, size, className, type = "button", ...rest }: ComponentProps<"button"> & Look) {
  return <button type={type} className={cx(buttonClasses({ look, size }), className)} {...rest} />;
}

interface IconButtonProps extends Omit<ComponentProps<"button">, "children"> {
  /** The name for screen readers and the tooltip. */
  readonly label: string;
  readonly children: ReactNode;
}

/** A button whose name says more than the word that is seen in it. */
export function WordedButton({ label, ...rest }: IconButtonProps) {
  return <button type="button" aria-label={label} title={label} {...rest} />;
}

export function IconButton({ label, className, children, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={cx(
        "inline-grid size-9 shrink-0 place-items-center rounded-lg text-muted transition-colors hover:bg-raised hover:text-ink disabled:opacity-50",
        className,
      )}
      {...rest}
    >
      {children}
    </button>
  );
}
