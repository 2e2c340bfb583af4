"use client";

import { shareUrl } from "@darkroom/contracts";
import { Images } from "lucide-react";
import { shorten } from "../../format.ts";
import { t } from "../../language/say.ts";
import { paths } from "../../paths.ts";
import { useSystem } from "../../trpc/hooks/account/use-session.ts";
import { type SharedPicture, useGallery } from "../../trpc/hooks/use-gallery.ts";
import { Button, buttonClasses } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Link } from "../../ui/link.tsx";
import { LoadMore } from "../../ui/load-more.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";

/** What owners have published, newest first, in rows of one height: nothing of a picture is cut off. */
export function Gallery() {
  const { pictures, hasMore, isLoadingMore, loadMore, error, retry } = useGallery();
  const isOpen = useSystem()?.entrances.gallery !== false;
  if (!isOpen) {
    return (
      <EmptyState title={t`The gallery is closed`} icon={<Images aria-hidden className="size-8" strokeWidth={1.25} />}>
        {t`Whoever runs this Darkroom has closed it. What was shared with you by a link is still there.`}
      </EmptyState>
    );
  }
  if (pictures === undefined) {
    return error === null ? (
      <Skeleton className="h-120 rounded-2xl" />
    ) : (
      <Notice title={t`The gallery could not be loaded.`} action={<Button onClick={retry}>{t`Try again`}</Button>}>
        {error.message}
      </Notice>
    );
  }
  if (pictures.length === 0) {
    return (
      <EmptyState
        title={t`Nothing is shown here yet`}
        icon={<Images aria-hidden className="size-8" strokeWidth={1.25} />}
        action={
          <Link href={paths.studio} className={buttonClasses({ look: "primary" })}>
            {t`To the studio`}
          </Link>
        }
      >
        {t`Share a picture of yours from its page, and choose “Show it in the gallery”.`}
      </EmptyState>
    );
  }
  return (
    <div className="space-y-4">
      <ul aria-label={t`Pictures`} className="flex flex-wrap gap-2.5 after:grow-999 after:content-['']">
        {pictures.map((picture) => (
          <Tile key={picture.token} picture={picture} />
        ))}
      </ul>
      {hasMore && <LoadMore isLoading={isLoadingMore} onMore={loadMore} />}
    </div>
  );
}

/** As wide as its picture asks for in a row of that height, and then as much wider as fills the row. */
function Tile({ picture: { token, width, height, prompt, by, isOwn } }: { readonly picture: SharedPicture }) {
  const ratio = Math.min(2.4, Math.max(0.5, (width ?? 1) / (height ?? 1)));
  return (
    <li
      className="group/tile relative min-w-0 overflow-hidden rounded-xl bg-mat"
      style={{ flexGrow: ratio, flexBasis: `calc(${ratio} * clamp(8.25rem, 24vw, 17rem))` }}
    >
      <Link href={paths.shared(token)} className="block size-full -outline-offset-2">
        {/* biome-ignore lint/performance/noImgElement: a thumbnail of our own, in its size */}
        <img
          src={shareUrl(token, 384)}
          srcSet={`${shareUrl(token, 384)} 384w, ${shareUrl(token, 768)} 768w`}
          sizes={`${Math.round(ratio * 18)}rem`}
          alt={prompt === null ? t`A picture without a description` : shorten(prompt, 200)}
          loading="lazy"
          className="size-full object-cover"
          style={{ aspectRatio: ratio }}
        />
        {(prompt !== null || by !== null || isOwn) && (
          <span className="reveal pointer-events-none absolute inset-x-0 bottom-0 flex flex-col gap-0.5 bg-linear-to-t from-[rgb(8_6_5/0.88)] via-[rgb(8_6_5/0.62)] to-transparent p-3 pt-10 text-sm text-[#f4ece5]">
            {prompt !== null && <span className="line-clamp-2 leading-snug">{shorten(prompt, 200)}</span>}
            {(by !== null || isOwn) && <span className="text-xs opacity-80">{isOwn ? t`Yours` : by}</span>}
          </span>
        )}
      </Link>
    </li>
  );
}
