import { Expand, Image, Images, Paintbrush, Sparkles, TestTube } from "lucide-react";
import type { ComponentType } from "react";
import { cx } from "../../ui/class-names.ts";
import { Skeleton } from "../../ui/skeleton.tsx";

interface Choice {
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly published: boolean;
}

interface WorkflowChooserProps {
  readonly workflows: readonly Choice[] | undefined;
  readonly chosen: string | null;
  readonly onChoose: (slug: string) => void;
}

const icons: Readonly<Record<string, ComponentType<{ className?: string; "aria-hidden"?: boolean }>>> = {
  "text-to-image": Sparkles,
  "image-to-image": Images,
  inpaint: Paintbrush,
  upscale: Expand,
  "test-card": TestTube,
};

const grid =
  "-mx-4 flex snap-x gap-2.5 overflow-x-auto px-4 py-1 sm:mx-0 sm:grid sm:grid-cols-[repeat(auto-fit,minmax(10.5rem,1fr))] sm:overflow-visible sm:px-0";

/** What can be made: one card per workflow. */
export function WorkflowChooser({ workflows, chosen, onChoose }: WorkflowChooserProps) {
  if (workflows === undefined) {
    return (
      <div className={grid}>
        {[1, 2, 3, 4, 5].map((key) => (
          <Skeleton key={key} className="h-26 w-44 shrink-0 rounded-xl sm:w-auto" />
        ))}
      </div>
    );
  }
  return (
    <fieldset>
      <legend className="sr-only">Workflow</legend>
      <div className={grid}>
        {workflows.map(({ slug, name, description, published }) => {
          const Icon = icons[slug] ?? Image;
          return (
            <label
              key={slug}
              className={cx(
                "relative flex min-h-26 w-44 shrink-0 cursor-pointer snap-start flex-col gap-1 rounded-xl border p-3.5 transition-colors sm:w-auto",
                "has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-safelight",
                slug === chosen ? "border-safelight bg-safelight/8" : "bg-surface hover:border-edge",
              )}
            >
              <input
                type="radio"
                name="workflow"
                value={slug}
                checked={slug === chosen}
                onChange={() => onChoose(slug)}
                aria-label={name}
                aria-describedby={`workflow-${slug}`}
                className="absolute inset-0 cursor-pointer appearance-none opacity-0"
              />
              <span className="flex items-center gap-2 font-medium">
                <Icon aria-hidden className={cx("size-4", slug === chosen ? "text-safelight" : "text-muted")} />
                {name}
                {!published && <span className="rounded-md border px-1.5 text-[0.6875rem] text-warn">Unpublished</span>}
              </span>
              <span id={`workflow-${slug}`} className="line-clamp-3 text-xs leading-relaxed text-muted">
                {description}
              </span>
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}
