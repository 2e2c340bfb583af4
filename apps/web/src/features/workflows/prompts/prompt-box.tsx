"use client";

import { History } from "lucide-react";
import { type ComponentProps, type KeyboardEvent, useRef, useState } from "react";
import { t } from "../../../language/say.ts";
import { usePrompts } from "../../../trpc/hooks/workflows/use-prompts.ts";
import { IconButton } from "../../../ui/button.tsx";
import { later } from "../../../ui/later.tsx";
import type { PromptPlace } from "./prompt-step.ts";

/** Loaded when the list is opened. */
const PromptList = later(() => import("./prompt-list.tsx").then((module) => module.PromptList));

interface PromptBoxProps extends Omit<ComponentProps<"textarea">, "value" | "onChange"> {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** The prompt, with the visitor's earlier ones: Alt with the arrow keys goes through them, a button lists and searches them. */
export function PromptBox({ value, onChange, ...aria }: PromptBoxProps) {
  const { recent } = usePrompts();
  const place = useRef<PromptPlace>({ at: null, draft: "" });
  const box = useRef<HTMLTextAreaElement>(null);
  const [isListed, setIsListed] = useState(false);

  async function step(isOlder: boolean): Promise<void> {
    const { stepPrompt } = await import("./prompt-step.ts");
    const prompts = await recent().catch((): string[] => []);
    const next = stepPrompt(prompts, place.current, { text: box.current?.value ?? value, isOlder });
    if (next === null) return;
    place.current = next.place;
    onChange(next.text);
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    void step(event.key === "ArrowUp");
  };
  return (
    <div className="relative">
      <textarea
        {...aria}
        ref={box}
        rows={5}
        className="field prompt"
        placeholder={t`A lighthouse in the fog, long exposure, silver gelatin print`}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <IconButton
        label={t`Earlier prompts (Alt and the arrow keys go through them)`}
        className="absolute top-1 right-1 size-8"
        onClick={() => setIsListed(true)}
      >
        <History aria-hidden className="size-4" />
      </IconButton>
      {isListed && (
        <PromptList
          onChoose={onChange}
          onClose={() => {
            setIsListed(false);
            box.current?.focus();
          }}
        />
      )}
    </div>
  );
}
