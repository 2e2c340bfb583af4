import { Copy } from "lucide-react";
import { t } from "../../language/say.ts";
import { Button, buttonClasses } from "../../ui/button.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";

interface SecretOnceProps {
  readonly title: string;
  readonly secret: string;
  /** What it is, for the copy button. */
  readonly what: string;
  onDone(): void;
}

/** A secret that is shown this once. */
export function SecretOnce({ title, secret, what, onDone }: SecretOnceProps) {
  return (
    <div role="status" className="space-y-3 p-5">
      <p className="font-semibold">
        {title} {t`Copy it now: it is shown this once.`}
      </p>
      <div className="flex flex-wrap items-center gap-3">
        <code className="min-w-0 break-all rounded-lg bg-ground px-3 py-2 font-mono text-sm">{secret}</code>
        <CopyButton text={secret} what={what} className={buttonClasses({ look: "primary", size: "small" })}>
          <Copy aria-hidden className="size-4" /> {t`Copy`}
        </CopyButton>
        <Button size="small" onClick={onDone}>
          {t`Done`}
        </Button>
      </div>
    </div>
  );
}
