"use client";

import { thumbnailUrl } from "@darkroom/contracts";
import { shorten } from "../../format.ts";
import { t } from "../../language/say.ts";
import { type SharedPicture, useModeration } from "../../trpc/hooks/use-gallery.ts";
import { Moderate } from "../gallery/moderate.tsx";

/** Shared pictures that visitors reported, and those that operators took down. */
export function Reported() {
  const { reported, hidden } = useModeration();
  const isReported = new Set(reported.map(({ moderation }) => moderation?.outputId));
  if (reported.length === 0 && hidden.length === 0) return null;
  return (
    <section aria-labelledby="reported-heading" className="space-y-3">
      <h2 id="reported-heading" className="font-display text-2xl">
        {t`Shared pictures`}
      </h2>
      <p className="max-w-2xl text-sm text-muted">
        {t`What visitors reported, and what was taken down: nobody but its owner sees that, and they are told why.`}
      </p>
      <ul className="grid items-start gap-4 sm:grid-cols-2 xl:grid-cols-3">
        {[...reported, ...hidden.filter(({ moderation }) => !isReported.has(moderation?.outputId))].map((picture) => (
          <ReportedPicture key={picture.moderation?.outputId} picture={picture} />
        ))}
      </ul>
    </section>
  );
}

function ReportedPicture({ picture: { pageUrl, prompt, moderation } }: { readonly picture: SharedPicture }) {
  if (moderation === null) return null;
  const title = prompt === null ? t`A shared picture` : shorten(prompt, 80);
  return (
    <li className="space-y-2">
      <a href={pageUrl} target="_blank" rel="noreferrer" className="block overflow-hidden rounded-xl bg-mat">
        {/* biome-ignore lint/performance/noImgElement: a thumbnail of our own */}
        <img src={thumbnailUrl(moderation.outputId, 384)} alt={title} className="h-48 w-full object-contain" />
      </a>
      <Moderate moderation={moderation} />
    </li>
  );
}
