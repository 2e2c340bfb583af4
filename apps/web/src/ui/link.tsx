"use client";

import { useRouter } from "next/navigation";
import type { ComponentProps } from "react";

interface LinkProps extends ComponentProps<"a"> {
  /** A path of ours. */
  readonly href: string;
  readonly replace?: boolean;
  readonly scroll?: boolean;
}

/**
 * A link to another of our pages, which changes without loading anew: next/link (2.8 KB) for paths of our own, which need none of its
 * reading of addresses. What leads to the page is asked for once the pointer or the focus is on the link.
 */
export function Link({ href, replace = false, scroll = true, onClick, ...anchor }: LinkProps) {
  const router = useRouter();
  const prefetch = (): void => router.prefetch(href);
  return (
    <a
      href={href}
      onPointerEnter={prefetch}
      onFocus={prefetch}
      {...anchor}
      onClick={(event) => {
        onClick?.(event);
        // With a key or for another tab it is the browser's.
        const isPlain = !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
        if (!isPlain || event.defaultPrevented || (anchor.target ?? "_self") !== "_self") return;
        event.preventDefault();
        router[replace ? "replace" : "push"](href, { scroll });
      }}
    />
  );
}
