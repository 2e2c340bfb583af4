"use client";

import { isTerminal, type JobView, type Output } from "@darkroom/contracts";
import { Heart } from "lucide-react";
import { useState } from "react";
import { useKey } from "../../../hooks/use-key.ts";
import { t } from "../../../language/say.ts";
import { useFavorite } from "../../../trpc/hooks/jobs/use-favorite.ts";
import { announce } from "../../../ui/announcer.tsx";
import { IconButton } from "../../../ui/button.tsx";
import { cx } from "../../../ui/class-names.ts";
import { showToast } from "../../../ui/toaster.tsx";

interface FavoriteButtonProps {
  readonly job: Pick<JobView, "state">;
  readonly output: Output;
  /** A letter that does the same, where the output is alone on the screen. */
  readonly hotkey?: string;
  readonly className?: string;
}

/** Marks an output as a favorite, or unmarks it; nothing while its job runs. The heart is filled from the click on. */
export function FavoriteButton({ job, output, hotkey, className }: FavoriteButtonProps) {
  const mark = useFavorite();
  const [asked, setAsked] = useState<boolean | null>(null);
  const favorite = asked ?? output.favorite;
  const isPossible = isTerminal(job.state);
  const change = async (): Promise<void> => {
    setAsked(!favorite);
    const [refused] = (await mark([output], !favorite)).refused;
    setAsked(null);
    if (refused === undefined) announce(favorite ? t`No favorite any more.` : t`Marked as a favorite.`);
    else void showToast({ text: refused.refusal.message, look: "bad" });
  };
  // No key is the empty letter.
  useKey(hotkey ?? "", () => isPossible && void change());
  if (!isPossible) return null;
  return (
    <IconButton
      label={t`Favorite`}
      {...(hotkey !== undefined && { title: t`Favorite (${hotkey.toUpperCase()})` })}
      aria-pressed={favorite}
      onClick={() => void change()}
      className={cx(favorite && "text-safelight!", className)}
    >
      <Heart aria-hidden className={cx("size-4.5", favorite && "fill-current")} />
    </IconButton>
  );
}
