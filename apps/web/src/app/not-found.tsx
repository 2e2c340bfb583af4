import { t } from "../language/say.ts";
import { paths } from "../paths.ts";
import { buttonClasses } from "../ui/button.tsx";
import { Link } from "../ui/link.tsx";

export default function NotFound() {
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-4 py-24 text-center">
      <p className="font-display text-7xl text-safelight">404</p>
      <h1 className="font-display text-3xl">{t`Nothing developed here`}</h1>
      <p className="text-muted">{t`This page or picture does not exist, or is not shared with you any more.`}</p>
      <Link href={paths.studio} className={buttonClasses({ look: "primary" })}>
        {t`To the studio`}
      </Link>
    </div>
  );
}
