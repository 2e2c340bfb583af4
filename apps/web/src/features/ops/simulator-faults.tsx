import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { t } from "../../language/say.ts";
import { later } from "../../ui/later.tsx";

const FaultForm = later(() => import("./fault-form.tsx").then((module) => module.FaultForm));

/** What goes wrong on a simulator, on demand: to see what happens then before it happens. Asked for when somebody opens it. */
export function SimulatorFaults({ backendId }: { backendId: string }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details className="group text-sm" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary className="-mx-2 flex min-h-9 list-none items-center gap-1.5 rounded-lg px-2 text-muted hover:text-ink">
        <ChevronRight aria-hidden className="size-4 transition-transform group-open:rotate-90" />
        {t`Faults on demand`}
      </summary>
      {isOpen && <FaultForm backendId={backendId} />}
    </details>
  );
}
