"use client";

import { Search } from "lucide-react";
import { useState } from "react";
import { useModal } from "../../../hooks/use-modal.ts";
import { useSettled } from "../../../hooks/use-settled.ts";
import { t } from "../../../language/say.ts";
import { useFoundPrompts } from "../../../trpc/hooks/workflows/use-prompts.ts";
import { Button } from "../../../ui/button.tsx";

interface PromptListProps {
  readonly onChoose: (prompt: string) => void;
  readonly onClose: () => void;
}

/** The visitor's earlier prompts, to search and to choose one. */
export function PromptList({ onChoose, onClose }: PromptListProps) {
  const { dialog, close } = useModal();
  const [search, setSearch] = useState("");
  const { data, error } = useFoundPrompts(useSettled(search.trim(), 200));
  return (
    <dialog
      ref={dialog}
      aria-label={t`Earlier prompts`}
      onClose={onClose}
      className="panel m-auto! flex max-h-[min(40rem,calc(100dvh-2rem))] w-[min(40rem,calc(100vw-2rem))] flex-col gap-3 p-4 text-ink shadow-print backdrop:bg-black/60"
    >
      <div className="relative">
        <Search aria-hidden className="absolute top-3 left-3 size-4 text-faint" />
        <input
          type="search"
          aria-label={t`Search your prompts`}
          placeholder={t`Search your prompts`}
          className="field pl-9"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </div>
      <ul aria-label={t`Prompts`} className="min-h-24 flex-1 space-y-0.5 overflow-y-auto">
        {data?.map((prompt) => (
          <li key={prompt}>
            <button
              type="button"
              className="line-clamp-3 w-full rounded-lg p-2.5 text-left text-sm whitespace-pre-wrap hover:bg-raised"
              onClick={() => {
                onChoose(prompt);
                close();
              }}
            >
              {prompt}
            </button>
          </li>
        ))}
        {data?.length === 0 && (
          <li className="p-2.5 text-sm text-muted">
            {search.trim() === ""
              ? t`The prompts of your pictures will be here.`
              : t`No prompt of yours has these words.`}
          </li>
        )}
        {error !== null && (
          <li className="p-2.5 text-sm text-bad">{t`Your prompts could not be loaded. Try again in a moment.`}</li>
        )}
      </ul>
      <div className="flex justify-end">
        <Button onClick={close}>{t`Close`}</Button>
      </div>
    </dialog>
  );
}
