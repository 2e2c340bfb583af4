"use client";

import { fileExtensionOf, mediaOfType } from "@darkroom/contracts";
import { Box, FileAudio, Upload } from "lucide-react";
import { useState } from "react";
import { formatBytes, formatSeconds } from "../../format.ts";
import { formatDate } from "../../format-dates.ts";
import { useZone } from "../../hooks/use-zone.ts";
import { t } from "../../language/say.ts";
import { type UploadView, useUploads } from "../../trpc/hooks/account/use-uploads.ts";
import { useRemoveUpload } from "../../trpc/hooks/jobs/use-remove.ts";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { LoadMore } from "../../ui/load-more.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { RemoveButton } from "../remove-button.tsx";

const grid = "grid grid-cols-2 gap-3 sm:grid-cols-[repeat(auto-fill,minmax(11rem,1fr))]";

/** The files that the visitor sent as inputs, each to look at and to remove. */
export function Uploads() {
  return (
    <section aria-labelledby="uploads-heading" className="space-y-3">
      <h2 id="uploads-heading" className="font-display text-2xl">
        {t`Uploads`}
      </h2>
      <p className="max-w-2xl text-sm text-muted">
        {t`The pictures, videos, sounds and 3D models you sent to be worked on. Each stays for as long as a job uses it; the others are removed on the day shown.`}
      </p>
      <UploadGrid />
    </section>
  );
}

function UploadGrid() {
  const { uploads, hasMore, isLoadingMore, loadMore, error, retry } = useUploads();
  if (uploads === undefined && error !== null) {
    return (
      <Notice title={t`Your uploads could not be loaded.`} action={<Button onClick={retry}>{t`Try again`}</Button>}>
        {error.message}
      </Notice>
    );
  }
  if (uploads === undefined) {
    return (
      <div className={grid}>
        {[1, 2, 3, 4].map((key) => (
          <Skeleton key={key} className="aspect-square rounded-xl" />
        ))}
      </div>
    );
  }
  if (uploads.length === 0) {
    return (
      <EmptyState title={t`Nothing uploaded`} icon={<Upload aria-hidden className="size-9" strokeWidth={1.25} />}>
        {t`Files that you choose in the studio, to change or to enlarge, are listed here.`}
      </EmptyState>
    );
  }
  return (
    <>
      <ul aria-label={t`Uploads`} className={grid}>
        {uploads.map((upload) => (
          <UploadCard key={upload.uploadId} upload={upload} />
        ))}
      </ul>
      {hasMore && <LoadMore isLoading={isLoadingMore} onMore={loadMore} />}
    </>
  );
}

function UploadCard({ upload }: { upload: UploadView }) {
  const { uploadId, url, thumbnailUrl, mimeType, width, height, sizeBytes, createdAt, expiresAt } = upload;
  const zone = useZone();
  const removal = useRemoveUpload(uploadId);
  const [seconds, setSeconds] = useState<number | null>(null);
  const media = mediaOfType(mimeType);
  const what = width === null ? fileExtensionOf(mimeType).toUpperCase() : `${width} × ${height}`;
  const length = seconds === null ? "" : `, ${formatSeconds(seconds)}`;
  const facts = `${what}${length}, ${formatBytes(sizeBytes)}`;
  const name = t`upload of ${formatDate(createdAt, zone)}, ${facts}`;
  return (
    <li className="panel flex min-w-0 flex-col overflow-hidden">
      <a href={url} target="_blank" rel="noreferrer" className="paper block aspect-square overflow-hidden">
        {thumbnailUrl === null ? (
          <span className="relative grid size-full place-items-center">
            {media === "3d" ? (
              <Box aria-hidden className="size-9 text-faint" strokeWidth={1.25} />
            ) : (
              <FileAudio aria-hidden className="size-9 text-faint" strokeWidth={1.25} />
            )}
            {(media === "video" || media === "audio") && (
              // The browser reads how long it is, as it plays it: our server decodes nothing that strangers send.
              <video
                aria-hidden
                muted
                playsInline
                preload="metadata"
                // The fragment makes every browser show a frame.
                src={`${url}#t=0.001`}
                className={media === "video" ? "absolute inset-0 size-full bg-mat object-contain" : "hidden"}
                onLoadedMetadata={({ currentTarget: { duration } }) =>
                  Number.isFinite(duration) && setSeconds(duration)
                }
              />
            )}
            <span className="sr-only">{name}</span>
          </span>
        ) : (
          // biome-ignore lint/performance/noImgElement: our own origin serves thumbnails
          <img src={thumbnailUrl} alt={name} loading="lazy" decoding="async" className="size-full object-contain" />
        )}
      </a>
      <div className="flex flex-wrap items-center gap-x-1 p-1 pl-3 text-xs text-muted tabular-nums">
        <p className="min-w-0 flex-1 py-1">
          <span className="block truncate">{facts}</span>
          <span className="block truncate text-faint">
            {expiresAt === null ? t`Used by a job` : t`Until ${formatDate(expiresAt, zone)}`}
          </span>
        </p>
        <RemoveButton name={name} removal={removal} question={t`Remove this upload for good?`} isSmall>
          {expiresAt === null
            ? t`Jobs that were made from it keep their pictures, but cannot be run again. This cannot be undone.`
            : t`This cannot be undone.`}
        </RemoveButton>
      </div>
    </li>
  );
}
