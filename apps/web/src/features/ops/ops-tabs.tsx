"use client";

import { usePathname } from "next/navigation";
import { t } from "../../language/say.ts";
import { paths } from "../../paths.ts";
import { cx } from "../../ui/class-names.ts";
import { Link } from "../../ui/link.tsx";

const tabs = () => [
  { name: t`Overview`, href: paths.ops },
  { name: t`Monitor`, href: paths.opsMonitor },
];

/** The operators' pages, one beside the other. */
export function OpsTabs() {
  const pathname = usePathname();
  return (
    <nav aria-label={t`Operations`} className="flex gap-1 border-b">
      {tabs().map(({ name, href }) => (
        <Link
          key={href}
          href={href}
          aria-current={pathname === href ? "page" : undefined}
          className={cx(
            "-mb-px border-b-2 px-3 py-2 text-sm font-medium transition-colors",
            pathname === href ? "border-safelight text-ink" : "border-transparent text-muted hover:text-ink",
          )}
        >
          {name}
        </Link>
      ))}
    </nav>
  );
}
