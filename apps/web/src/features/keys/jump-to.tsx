"use client";

import { useRouter } from "next/navigation";
import { type KeyboardEvent, useId, useState } from "react";
import { useModal } from "../../hooks/use-modal.ts";
import { t } from "../../language/say.ts";
import { useSession, useSystem } from "../../trpc/hooks/account/use-session.ts";
import { useWorkflows } from "../../trpc/hooks/workflows/use-workflows.ts";
import { cx } from "../../ui/class-names.ts";
import { type Place, placesFor } from "./places.ts";

/** Goes to a page, a workflow's form, a job by its id, or the history with some words, by keyboard alone. */
export function JumpTo({ onClose }: { readonly onClose: () => void }) {
  const { dialog, close } = useModal();
  const id = useId();
  const router = useRouter();
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState(0);
  const { workflows = [] } = useWorkflows();
  const { isOperator } = useSession();
  const hasGallery = useSystem()?.entrances.gallery === true;
  const places = placesFor(typed, { workflows, isOperator, hasGallery });
  const at = Math.min(chosen, places.length - 1);

  const go = (place: Place | undefined): void => {
    if (place === undefined) return;
    close();
    router.push(place.href);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by !== undefined) setChosen((at + by + places.length) % places.length);
    else if (event.key === "Enter") go(places[at]);
    else return;
    event.preventDefault();
  };
  return (
    <dialog
      ref={dialog}
      aria-label={t`Go to`}
      onClose={onClose}
      className="panel mx-auto! mt-[12vh]! w-[min(34rem,calc(100vw-2rem))] overflow-hidden p-0 text-ink shadow-print backdrop:bg-black/60"
    >
      <input
        role="combobox"
        aria-label={t`Go to a page, a workflow or a job`}
        aria-expanded
        aria-controls={`${id}-places`}
        aria-activedescendant={`${id}-${at}`}
        placeholder={t`A page, a workflow, a job's id, or words of a prompt`}
        value={typed}
        onChange={({ target }) => {
          setTyped(target.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
        className="min-h-13 w-full border-b bg-transparent px-4 outline-none"
      />
      <div id={`${id}-places`} role="listbox" aria-label={t`Places`} className="max-h-[50vh] overflow-y-auto p-1.5">
        {places.map((place, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are pressed in the field above
          <div
            key={place.href}
            id={`${id}-${index}`}
            ref={(element) => {
              if (index === at) element?.scrollIntoView({ block: "nearest" });
            }}
            role="option"
            aria-selected={index === at}
            tabIndex={-1}
            onClick={() => go(place)}
            className={cx(
              "flex min-h-10 cursor-pointer items-center rounded-lg px-3 text-sm hover:bg-raised",
              index === at && "bg-raised",
            )}
          >
            {place.label}
          </div>
        ))}
      </div>
    </dialog>
  );
}
