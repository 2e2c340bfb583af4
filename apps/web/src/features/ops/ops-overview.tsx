"use client";

import { Pause, Play } from "lucide-react";
import type { ReactNode } from "react";
import { formatSeconds } from "../../format.ts";
import { t, tNodes } from "../../language/say.ts";
import { paths } from "../../paths.ts";
import { useSession } from "../../trpc/hooks/account/use-session.ts";
import { useOverview } from "../../trpc/hooks/operators/use-monitor.ts";
import { useOpsActions } from "../../trpc/hooks/operators/use-ops.ts";
import { useWorkflows } from "../../trpc/hooks/workflows/use-workflows.ts";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { later } from "../../ui/later.tsx";
import { Link } from "../../ui/link.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { BackendCard } from "./backend-card.tsx";
import { DeadLetters } from "./dead-letters.tsx";
import { ForOperators } from "./for-operators.tsx";
import { hourSentence } from "./hour-sentence.ts";
import { OpsTabs } from "./ops-tabs.tsx";

// What is seen only while somebody waits, or further down: what is always there has its place, so that nothing below it moves.
const WaitingJobs = later(() => import("./waiting-jobs.tsx").then((module) => module.WaitingJobs));
const Alerts = later(() => import("./alerts.tsx").then((module) => module.Alerts));
const People = later(
  () => import("./people.tsx").then((module) => module.People),
  () => <Skeleton className="h-[38rem] sm:h-[28.5rem] lg:h-[18.5rem] rounded-2xl" />,
);
const Retention = later(
  () => import("./retention/retention.tsx").then((module) => module.Retention),
  () => <Skeleton className="h-[60rem] sm:h-[39.5rem] lg:h-[35.5rem] rounded-2xl" />,
);
const Reported = later(() => import("./reported.tsx").then((module) => module.Reported));
const Broadcast = later(
  () => import("./broadcast.tsx").then((module) => module.Broadcast),
  () => <Skeleton className="h-[10.65rem] sm:h-[7.4rem] rounded-2xl" />,
);

interface OpsOverviewProps {
  /** The list of everyone's jobs. */
  readonly jobs: ReactNode;
  /** By which the operator makes pictures. */
  readonly form: ReactNode;
}

/** The operators' page; everyone else learns how to become one. */
export function OpsOverview({ jobs, form }: OpsOverviewProps) {
  const { session, isOperator } = useSession();
  if (session === undefined) return <Skeleton className="h-64 rounded-2xl" />;
  if (!isOperator) return <ForOperators />;
  return <Overview jobs={jobs} form={form} />;
}

function Overview({ jobs, form }: OpsOverviewProps) {
  const { data, error, refetch } = useOverview(true);
  const { pause, resume, drain, resumeBackend } = useOpsActions();
  const { workflows } = useWorkflows();
  if (data === undefined) {
    return error === null ? (
      <Skeleton className="h-64 rounded-2xl" />
    ) : (
      <Notice
        title={t`The overview could not be loaded.`}
        action={<Button onClick={() => void refetch()}>{t`Try again`}</Button>}
      >
        {error.message}
      </Notice>
    );
  }
  const { queue, backends } = data;
  const studio = (
    <Link href={paths.studio} className="text-safelight underline">
      {t`studio`}
    </Link>
  );
  const unpublished = workflows?.filter(({ published }) => !published) ?? [];
  const failed = pause.error ?? resume.error ?? drain.error ?? resumeBackend.error;
  return (
    <div className="space-y-8">
      <OpsTabs />
      <header className="flex flex-wrap items-end justify-between gap-4">
        <div>
          <h1 className="font-display text-4xl">{t`Operations`}</h1>
          <p className="text-muted tabular-nums">{hourSentence(queue)}</p>
        </div>
        {queue.paused ? (
          <Button look="primary" disabled={resume.isPending} onClick={() => resume.mutate()}>
            <Play aria-hidden className="size-4" /> {t`Resume the queue`}
          </Button>
        ) : (
          <Button disabled={pause.isPending} onClick={() => pause.mutate()}>
            <Pause aria-hidden className="size-4" /> {t`Pause the queue`}
          </Button>
        )}
      </header>
      {data.alerts.length > 0 && <Alerts alerts={data.alerts} />}
      {failed !== null && <Notice title={t`That did not work.`}>{failed.message}</Notice>}
      {queue.waiting > 0 && !backends.some(({ state }) => state === "up") && (
        <Notice title={t`Jobs wait and no backend is up.`}>
          {t`Start a ComfyUI server that COMFYUI_URLS names, or check its address.`}
        </Notice>
      )}
      <dl className="grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-6">
        <Stat label={t`Waiting`} value={String(queue.waiting)} />
        <Stat label={t`Running`} value={String(queue.running + queue.canceling)} />
        <Stat label={t`To be retried`} value={String(queue.delayed)} />
        <Stat
          label={t`Slots in use`}
          value={`${Math.min(queue.running + queue.canceling, queue.slots.total)}/${queue.slots.total}`}
        />
        <Stat label={t`Median run`} value={secondsOrDash(queue.medianRunSeconds)} />
        <Stat label={t`Longest wait`} value={secondsOrDash(queue.oldestWaitSeconds)} />
      </dl>
      <Section title={t`Backends`}>
        {backends.length === 0 ? (
          <EmptyState title={t`No backend yet`}>
            {t`Set COMFYUI_URLS to the addresses of your ComfyUI servers, separated by commas, and start again.`}
          </EmptyState>
        ) : (
          <ul className="grid items-start gap-4 sm:grid-cols-2 xl:grid-cols-3">
            {backends.map((backend) => (
              <BackendCard
                key={backend.backendId}
                backend={backend}
                isBusy={drain.isPending || resumeBackend.isPending}
                onDrain={() => drain.mutate({ backendId: backend.backendId })}
                onResume={() => resumeBackend.mutate({ backendId: backend.backendId })}
              />
            ))}
          </ul>
        )}
      </Section>
      <Section title={t`Make a picture`}>{form}</Section>
      <WaitingJobs count={queue.waiting} />
      <DeadLetters />
      <Reported />
      <Broadcast />
      <People />
      <Retention />
      {unpublished.length > 0 && (
        <Section title={t`Unpublished workflows`}>
          <ul className="panel divide-y">
            {unpublished.map(({ slug, name, description, version }) => (
              <li key={slug} className="p-4">
                <p className="font-medium">
                  {name} <span className="text-sm font-normal text-faint">{t`version ${version}`}</span>
                </p>
                <p className="text-sm text-muted">{description}</p>
              </li>
            ))}
          </ul>
          <p className="text-sm text-muted">{tNodes`Operators can run them in the ${studio}.`}</p>
        </Section>
      )}
      <Section title={t`Everyone's jobs`}>{jobs}</Section>
    </div>
  );
}

const secondsOrDash = (seconds: number | null): string => (seconds === null ? "–" : formatSeconds(seconds));

function Stat({ label, value }: { label: string; value: string }) {
  return (
    <div className="panel flex flex-col-reverse px-4 py-3">
      <dt className="text-xs text-muted">{label}</dt>
      <dd className="font-display text-3xl tabular-nums">{value}</dd>
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="space-y-3">
      <h2 className="font-display text-2xl">{title}</h2>
      {children}
    </section>
  );
}
