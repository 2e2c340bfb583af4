import { Expand, Film, Image, Images, Paintbrush, Sparkles, TestTube } from "lucide-react";
import type { ComponentType } from "react";
import { t } from "../../language/say.ts";
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
  "text-to-image-qwen": Sparkles,
  "image-to-image": Images,
  inpaint: Paintbrush,
  upscale: Expand,
  "upscale-model": Expand,
  "text-to-video": Film,
  "test-card": TestTube,
};

/** Sideways only: where the choices are one row. The page stays where it is. */
function bringIntoSight(chosen: HTMLElement | null): void {
  const row = chosen?.parentElement;
  if (row) row.scrollLeft = chosen.offsetLeft - row.offsetLeft - 48;
}

/** What can be made: one choice per workflow, and what the chosen one does. */
export function WorkflowChooser({ workflows, chosen, onChoose }: WorkflowChooserProps) {
  if (workflows === undefined) {
    return (
      <div className="space-y-2.5">
        <div className="flex flex-wrap gap-1">
          {["w-34", "w-36", "w-24", "w-25", "w-27"].map((width) => (
            <Skeleton key={width} className={`h-9 rounded-full ${width}`} />
          ))}
        </div>
        <Skeleton className="h-5 w-56" />
      </div>
    );
  }
  const described = workflows.find(({ slug }) => slug === chosen);
  return (
    <fieldset className="min-w-0 space-y-2">
      <legend className="sr-only">{t`Workflow`}</legend>
      <div className="chips">
        {workflows.map(({ slug, name, description, published }) => {
          const Icon = icons[slug] ?? Image;
          const isChosen = slug === chosen;
          return (
            <label
              key={slug}
              ref={isChosen ? bringIntoSight : undefined}
              title={description}
              className={cx(
                "relative flex min-h-8 shrink-0 cursor-pointer items-center gap-1.5 rounded-full border px-2 text-[0.8125rem] font-medium transition-colors",
                "has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-safelight",
                isChosen ? "border-safelight bg-safelight/12" : "text-muted hover:border-edge hover:text-ink",
              )}
            >
              <input
                type="radio"
                name="workflow"
                value={slug}
                checked={isChosen}
                onChange={() => onChoose(slug)}
                aria-label={name}
                aria-describedby={isChosen ? "workflow-description" : undefined}
                className="absolute inset-0 cursor-pointer appearance-none opacity-0"
              />
              <Icon aria-hidden className={cx("size-3.5", isChosen && "text-safelight")} />
              {name}
              {!published && <span className="text-xs font-normal text-warn">{t`unpublished`}</span>}
            </label>
          );
        })}
      </div>
      <p
        id="workflow-description"
        className="line-clamp-2 min-h-5 text-[0.8125rem] text-muted short:sr-only"
        title={described?.description}
      >
        {described?.description}
      </p>
    </fieldset>
  );
}
