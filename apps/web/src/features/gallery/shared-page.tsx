"use client";

import { shareUrl } from "@darkroom/contracts";
import { Copy, Download, Flag } from "lucide-react";
import { useState } from "react";
import { shorten } from "../../format.ts";
import { t } from "../../language/say.ts";
import { workflowText } from "../../language/workflow-text.ts";
import { useSession } from "../../trpc/hooks/account/use-session.ts";
import { type SharedPicture, useSharedPicture } from "../../trpc/hooks/use-gallery.ts";
import { Button, buttonClasses } from "../../ui/button.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Facts } from "../../ui/facts.tsx";
import { later } from "../../ui/later.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { TimeAgo } from "../../ui/time-ago.tsx";
import { labelOf } from "../jobs/job-title.ts";

// What hardly any visitor asks for.
const ReportDialog = later(() => import("./report-dialog.tsx").then((module) => module.ReportDialog));
const Moderate = later(() => import("./moderate.tsx").then((module) => module.Moderate));

interface SharedPageProps {
  readonly token: string;
  /** As it arrived with the page; undefined: the browser asks. */
  readonly first: SharedPicture | undefined;
}

/** A shared picture at its own address, with what its owner tells of it. */
export function SharedPage({ token, first }: SharedPageProps) {
  const { picture, error, retry } = useSharedPicture(token, first);
  if (error !== null && error.data?.code === "NOT_FOUND") {
    return (
      <EmptyState title={t`This picture is not shared any more`}>
        {t`Its owner ended that, or it was taken down. Ask whoever sent you the link.`}
      </EmptyState>
    );
  }
  if (picture === undefined) {
    return error === null ? (
      <Skeleton className="h-120 rounded-2xl" />
    ) : (
      <Notice title={t`The picture could not be loaded.`} action={<Button onClick={retry}>{t`Try again`}</Button>}>
        {error.message}
      </Notice>
    );
  }
  return <Shown picture={picture} />;
}

function Shown({ picture }: { readonly picture: SharedPicture }) {
  const { token, width, height, prompt, by, isOwn, moderation } = picture;
  const { isShutOut } = useSession();
  const [isReporting, setIsReporting] = useState(false);
  const ratio = (width ?? 1) / (height ?? 1);
  const page = typeof window === "undefined" ? "" : window.location.href;
  return (
    <article className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_22rem] lg:gap-8">
      <div className="grid place-items-center overflow-hidden rounded-2xl bg-mat shadow-print">
        {/* biome-ignore lint/performance/noImgElement: a copy of our own, in its size */}
        <img
          src={shareUrl(token, 1536)}
          srcSet={`${shareUrl(token, 768)} 768w, ${shareUrl(token, 1536)} 1536w`}
          sizes="(width < 64rem) 100vw, 60rem"
          alt={prompt ?? t`The shared picture`}
          fetchPriority="high"
          className="object-contain"
          // As large as fits, also a small one; and its place is kept before it is there.
          style={{ aspectRatio: ratio, width: `min(100%, calc((100dvh - 8rem) * ${ratio}))` }}
        />
      </div>
      <div className="space-y-5">
        <header className="space-y-1.5">
          <h1 className={prompt === null ? "font-display text-3xl" : "font-display text-2xl leading-snug break-words"}>
            {prompt === null ? t`A picture` : shorten(prompt, 600)}
          </h1>
          <p className="text-sm text-muted">
            {isOwn ? t`You share this picture.` : by === null ? t`Made with Darkroom.` : t`Made by ${by}.`}
          </p>
        </header>
        <div className="flex flex-wrap gap-2">
          <a href={shareUrl(token)} download className={buttonClasses({ look: "primary" })}>
            <Download aria-hidden className="size-4" /> {t`Download`}
          </a>
          <CopyButton text={page} what={t`link`} className={buttonClasses()}>
            <Copy aria-hidden className="size-4" /> {t`Copy the link`}
          </CopyButton>
          {!isOwn && !isShutOut && moderation === null && (
            <Button look="quiet" onClick={() => setIsReporting(true)}>
              <Flag aria-hidden className="size-4" /> {t`Report`}
            </Button>
          )}
        </div>
        {factsOf(picture).length > 0 && (
          <section aria-label={t`What is told of it`} className="panel p-5">
            <Facts items={factsOf(picture)} />
          </section>
        )}
        {moderation !== null && <Moderate moderation={moderation} />}
      </div>
      {isReporting && <ReportDialog token={token} onClose={() => setIsReporting(false)} />}
    </article>
  );
}

function factsOf({ seed, settings, width, height, publishedAt }: SharedPicture) {
  const inputs = Object.entries(settings?.inputs ?? {}).filter(
    ([name, value]) => name !== "width" && name !== "height" && value !== "",
  );
  return [
    ...(settings === null
      ? []
      : [[t`Made with`, workflowText(settings.workflow.slug, settings.workflow.name)] as const]),
    ...inputs.map(([name, value]) => [labelOf(name), String(value)] as const),
    ...(seed === null ? [] : [[t`Seed`, String(seed)] as const]),
    ...(width === null || height === null ? [] : [[t`Size`, `${width} × ${height}`] as const]),
    ...(publishedAt === null ? [] : [[t`In the gallery`, <TimeAgo key="at" at={publishedAt} />] as const]),
  ];
}
