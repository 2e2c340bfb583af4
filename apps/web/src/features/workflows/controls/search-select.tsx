"use client";

import type { Choice, InputValue } from "@darkroom/contracts";
import { Check, ChevronDown } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useState } from "react";
import { t } from "../../../language/say.ts";
import { cx } from "../../../ui/class-names.ts";
import { choiceName, matchingChoices } from "./matching-choices.ts";

interface SearchSelectProps {
  readonly aria: Readonly<Record<string, unknown>>;
  readonly value: InputValue | undefined;
  readonly choices: readonly Choice[];
  readonly onChange: (value: Choice) => void;
}

/** One of many choices, found by typing parts of its name. The list opens below the field and is never cut off. */
export function SearchSelect({ aria, value, choices, onChange }: SearchSelectProps) {
  const listId = useId();
  /** What was typed; null while the list is closed. */
  const [text, setText] = useState<string | null>(null);
  const [active, setActive] = useState(0);
  const isOpen = text !== null;
  const found = matchingChoices(choices, text ?? "");
  const optionId = (index: number): string => `${listId}-${index}`;

  useEffect(() => {
    if (isOpen) document.getElementById(`${listId}-${active}`)?.scrollIntoView({ block: "nearest" });
  }, [isOpen, active, listId]);

  const open = (): void => {
    setText("");
    setActive(Math.max(0, choices.indexOf(value as Choice)));
  };
  const close = (): void => setText(null);
  const choose = (choice: Choice | undefined): void => {
    if (choice !== undefined) onChange(choice);
    close();
  };
  const move = (to: number): void => {
    setActive(Math.min(found.length - 1, Math.max(0, to)));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const moves: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + 8,
      PageUp: active - 8,
    };
    const to = moves[event.key];
    if (to !== undefined) {
      event.preventDefault();
      if (isOpen) move(to);
      else open();
    } else if (event.key === "Enter" && isOpen && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      choose(found[active]);
    } else if (event.key === "Escape" && isOpen) {
      event.stopPropagation();
      close();
    }
  };

  return (
    <div className="space-y-1.5">
      <div className="relative">
        <input
          {...aria}
          type="text"
          role="combobox"
          aria-expanded={isOpen}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={isOpen && found.length > 0 ? optionId(active) : undefined}
          autoComplete="off"
          spellCheck={false}
          className="field pr-9"
          placeholder={isOpen ? t`Type a part of its name` : undefined}
          value={text ?? (value === undefined ? "" : choiceName(value as Choice))}
          onClick={() => !isOpen && open()}
          onBlur={close}
          onChange={(event) => {
            setText(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
        <ChevronDown
          aria-hidden
          className="pointer-events-none absolute top-1/2 right-3 size-4 -translate-y-1/2 text-muted"
        />
      </div>
      <div
        id={listId}
        role="listbox"
        aria-label={t`Choices`}
        hidden={!isOpen || found.length === 0}
        // The focus stays in the field, which closes the list when it loses it.
        onMouseDown={(event) => event.preventDefault()}
        className="panel max-h-64 overflow-y-auto overscroll-contain p-1"
      >
        {(isOpen ? found : []).map((choice, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys go to the field, which names the active option
          <div
            key={`${typeof choice} ${choice}`}
            id={optionId(index)}
            role="option"
            tabIndex={-1}
            aria-selected={choice === value}
            onClick={() => choose(choice)}
            onMouseMove={() => setActive(index)}
            className={cx(
              "flex min-h-9 cursor-pointer items-center gap-2 rounded-lg px-2.5 text-sm break-all",
              index === active && "bg-safelight/12",
            )}
          >
            <span className="min-w-0 flex-1">{choiceName(choice)}</span>
            {choice === value && <Check aria-hidden className="size-4 shrink-0 text-safelight" />}
          </div>
        ))}
      </div>
      {isOpen && found.length === 0 && (
        <p role="status" className="text-sm text-muted">
          {t`Nothing is named like that. Type less of it.`}
        </p>
      )}
    </div>
  );
}
