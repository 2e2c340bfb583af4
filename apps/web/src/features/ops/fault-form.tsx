"use client";

import { useState } from "react";
import { t, tPlural, tServer } from "../../language/say.ts";
import { type FaultKind, useSimulatorFaults } from "../../trpc/hooks/operators/use-simulator-faults.ts";
import { Button } from "../../ui/button.tsx";
import { Problem } from "../../ui/problem.tsx";
import { FaultField, type Field } from "./fault-field.tsx";
import { faultName } from "./fault-name.ts";

/** Chooses what goes wrong on a simulator, and tells what does. One fault at a time: the next lifts the one before. */
export function FaultForm({ backendId }: { backendId: string }) {
  const { faults, error, set } = useSimulatorFaults(backendId);
  const [kind, setKind] = useState("outOfMemory");
  const chosen = faults?.kinds.find((one) => one.kind === kind);
  if (faults === undefined || chosen === undefined)
    return error === null ? <p className="py-2 text-muted">{t`Loading …`}</p> : <Problem>{error.message}</Problem>;
  return (
    <form
      className="space-y-3 py-2"
      onSubmit={(event) => {
        event.preventDefault();
        set.mutate({ backendId, faults: [{ kind, ...valuesOf(chosen, new FormData(event.currentTarget)) }] });
      }}
    >
      <label className="block space-y-1">
        <span className="text-muted">{t`What goes wrong`}</span>
        <select className="field" value={kind} onChange={(event) => setKind(event.target.value)}>
          {faults.kinds.map((one) => (
            <option key={one.kind} value={one.kind}>
              {faultName(one.kind)}
            </option>
          ))}
        </select>
      </label>
      <p className="text-muted first-letter:uppercase">{tServer(chosen.about)}.</p>
      {fieldsOf(chosen).map(([name, field]) => (
        <FaultField key={`${kind} ${name}`} name={name} field={field} isRequired={chosen.required.includes(name)} />
      ))}
      <div className="flex flex-wrap items-center gap-2">
        <Button size="small" type="submit" disabled={set.isPending}>
          {t`Let it go wrong`}
        </Button>
        <Button
          size="small"
          look="quiet"
          disabled={set.isPending || faults.active.length === 0}
          onClick={() => set.mutate({ backendId, faults: [] })}
        >
          {t`Mend all`}
        </Button>
      </div>
      <Problem>{set.error?.message}</Problem>
      <div role="status">
        {error !== null ? (
          <p className="text-warn">{error.message}</p>
        ) : faults.active.length === 0 ? (
          <p className="text-muted">{t`Nothing goes wrong now.`}</p>
        ) : (
          faults.active.map(({ id, fault, struck }) => (
            <p key={id} className="text-warn">
              {faultName(fault.kind)} · {tPlural(struck, "struck once", "struck {0} times")}
            </p>
          ))
        )}
      </div>
    </form>
  );
}

const fieldsOf = ({ fields }: FaultKind) => Object.entries(fields as Readonly<Record<string, Field>>);

/** What was filled in; what was left empty is left to the simulator. */
function valuesOf(kind: FaultKind, form: FormData): Record<string, unknown> {
  const values = fieldsOf(kind).flatMap(([name, { type }]): [string, unknown][] => {
    const text = form.get(name);
    if (text === null || text === "") return [];
    return [[name, type === "integer" ? Number(text) : type === "boolean" ? true : text]];
  });
  return Object.fromEntries(values);
}
