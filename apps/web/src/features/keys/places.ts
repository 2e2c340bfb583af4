import { t } from "../../language/say.ts";
import { paths } from "../../paths.ts";

/** Somewhere to go. */
export interface Place {
  readonly href: string;
  readonly label: string;
}

interface Known {
  readonly workflows: readonly { readonly slug: string; readonly name: string }[];
  readonly isOperator: boolean;
  readonly hasGallery: boolean;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Where what somebody types may lead: the job with that id, pages and workflows of that name, and last the history with those words. */
export function placesFor(typed: string, { workflows, isOperator, hasGallery }: Known): readonly Place[] {
  const wanted = typed.trim();
  if (UUID.test(wanted)) return [{ href: paths.job(wanted.toLowerCase()), label: t`The job ${wanted.toLowerCase()}` }];
  const pages: readonly Place[] = [
    { href: paths.studio, label: t`Studio` },
    { href: paths.history, label: t`History` },
    ...(hasGallery ? [{ href: paths.gallery, label: t`Gallery` }] : []),
    { href: paths.account, label: t`Your account and uploads` },
    ...(isOperator
      ? [
          { href: paths.workflows, label: t`Workflows` },
          { href: paths.ops, label: t`Ops` },
          { href: paths.opsMonitor, label: t`Monitor` },
        ]
      : []),
    ...workflows.map(({ slug, name }) => ({ href: paths.studioOf(slug), label: t`Make with ${name}` })),
  ];
  const named = pages.filter(({ label }) => label.toLowerCase().includes(wanted.toLowerCase()));
  if (wanted === "") return named;
  const search = `${paths.history}?${new URLSearchParams({ q: wanted })}`;
  return [...named, { href: search, label: t`Search the history for “${wanted}”` }];
}
