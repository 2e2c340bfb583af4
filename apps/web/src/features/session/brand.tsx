import { t } from "../../language/say.ts";
import { paths } from "../../paths.ts";
import { Link } from "../../ui/link.tsx";

/** The mark: a safelight above a tray. */
export function Brand() {
  return (
    <Link
      href={paths.studio}
      className="flex min-h-9 items-center gap-2.5 rounded-lg"
      aria-label={t`Darkroom, to the studio`}
    >
      <svg aria-hidden="true" viewBox="0 0 32 32" className="size-8">
        <rect width="32" height="32" rx="8" className="fill-[#14100e]" />
        <circle cx="16" cy="13" r="9" className="fill-[#ff6a3d] opacity-20" />
        <circle cx="16" cy="13" r="5.25" className="fill-[#ff6a3d]" />
        <path d="M6.5 21.5h19M9.5 25.5h13" className="stroke-[#f4ece5]" strokeWidth="1.75" strokeLinecap="round" />
      </svg>
      <span className="font-display text-[1.375rem] leading-none tracking-tight max-[22rem]:hidden">{t`Darkroom`}</span>
    </Link>
  );
}
