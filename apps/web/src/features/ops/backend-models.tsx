import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { t, tPlural } from "../../language/say.ts";
import { useBackendModels } from "../../trpc/hooks/operators/use-ops.ts";

interface BackendModelsProps {
  readonly backendId: string;
  readonly count: number;
}

/** The model files of a backend by folder. They may be thousands, so they are asked for when somebody opens the list. */
export function BackendModels({ backendId, count }: BackendModelsProps) {
  const [isOpen, setIsOpen] = useState(false);
  const { models, isLoading } = useBackendModels(backendId, isOpen);
  return (
    <details className="group text-sm" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary className="-mx-2 flex min-h-9 list-none items-center gap-1.5 rounded-lg px-2 text-muted hover:text-ink">
        <ChevronRight aria-hidden className="size-4 transition-transform group-open:rotate-90" />
        {tPlural(count, "{0} model", "{0} models")}
      </summary>
      {isLoading ? (
        <p className="py-2 text-muted">{t`Loading …`}</p>
      ) : (
        <dl className="max-h-64 space-y-3 overflow-y-auto py-2">
          {Object.entries(models ?? {}).map(([folder, files]) => (
            <div key={folder}>
              <dt className="text-xs text-muted">{folder}</dt>
              {files.map((file) => (
                <dd key={file} className="font-mono text-xs break-all">
                  {file}
                </dd>
              ))}
            </div>
          ))}
        </dl>
      )}
    </details>
  );
}
