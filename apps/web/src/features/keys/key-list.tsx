"use client";

import { useState } from "react";
import { hasSingleKeys, setSingleKeys } from "../../hooks/single-keys.ts";
import { useModal } from "../../hooks/use-modal.ts";
import { t } from "../../language/say.ts";
import { useSession } from "../../trpc/hooks/account/use-session.ts";
import { Button } from "../../ui/button.tsx";

type Group = readonly [where: string, keys: readonly (readonly [keys: string, does: string])[]];

const groups = (isOperator: boolean): readonly Group[] => [
  [
    t`Everywhere`,
    [
      [t`Ctrl or ⌘ + K`, t`Go to a page, a workflow or a job`],
      ["?", t`Show these keys`],
    ],
  ],
  [
    t`In the form`,
    [
      [t`Ctrl or ⌘ + Enter`, t`Generate`],
      ...(isOperator ? ([[t`Ctrl or ⌘ + Shift + Enter`, t`Generate before all that waits`]] as const) : []),
      [t`Alt + ↑ ↓`, t`Earlier prompts`],
    ],
  ],
  [
    t`A picture at its full size`,
    [
      ["← →", t`The picture before, the next one`],
      ["F", t`Favorite`],
      ["C", t`Compare`],
      ["I", t`Details`],
      ["P", t`Use this prompt`],
      ["S", t`Use this seed`],
      ["D", t`Use this size`],
      ["R", t`Edit and run, with another seed`],
      ["A", t`Edit and run`],
      ["W", t`Use this workflow`],
      ["Z", t`Close`],
    ],
  ],
  [
    t`Two pictures compared`,
    [
      ["C", t`Swap the two`],
      ["M", t`The next way to compare`],
    ],
  ],
  [
    t`Paint the mask`,
    [
      ["B, E", t`Brush, eraser`],
      ["[ ]", t`Size of the brush`],
      ["I", t`Invert`],
      ["0", t`Whole picture`],
      [t`Ctrl or ⌘ + Z`, t`Undo`],
    ],
  ],
];

/** Every key that does something, and the switch for those that are pressed alone. */
export function KeyList({ onClose }: { readonly onClose: () => void }) {
  const { dialog, close } = useModal();
  const [isOn, setIsOn] = useState(hasSingleKeys);
  const { isOperator } = useSession();
  return (
    <dialog
      ref={dialog}
      aria-label={t`Keys`}
      onClose={onClose}
      className="panel m-auto! max-h-[calc(100dvh-2rem)] w-[min(44rem,calc(100vw-2rem))] space-y-4 overflow-y-auto p-6 text-ink shadow-print backdrop:bg-black/60 open:animate-rise"
    >
      <h2 className="font-display text-2xl">{t`Keys`}</h2>
      <div className="gap-x-8 sm:columns-2">
        {groups(isOperator).map(([where, keys]) => (
          <section key={where} className="mb-5 break-inside-avoid">
            <h3 className="mb-1.5 text-sm text-muted">{where}</h3>
            <dl className="grid grid-cols-[minmax(5rem,auto)_1fr] gap-x-4 gap-y-1.5 text-sm">
              {keys.map(([key, does]) => (
                <div key={key} className="contents">
                  <dt>
                    <kbd className="rounded-md border bg-raised px-1.5 py-0.5 font-sans text-xs">{key}</kbd>
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <label className="flex min-h-9 items-center gap-2.5 border-t pt-4 text-sm">
        <input
          type="checkbox"
          className="size-4.5 accent-(--safelight-strong)"
          checked={isOn}
          onChange={({ target }) => {
            setSingleKeys(target.checked);
            setIsOn(target.checked);
          }}
        />
        {t`Keys that are pressed alone do something, in this browser`}
      </label>
      <div className="flex justify-end">
        <Button onClick={close}>{t`Close`}</Button>
      </div>
    </dialog>
  );
}
