import { cookies } from "next/headers";
import { Suspense } from "react";
import { CHOSEN_COOKIE } from "../hooks/chosen-workflow.ts";
import { askFirst, firstJobs, firstQuery } from "../trpc/first-queries.ts";
import { FirstContent } from "./first-content.tsx";
import { Studio } from "./studio.tsx";

export default async function StudioPage() {
  const list = firstQuery("workflow.list");
  const workflows = await askFirst<{ readonly items: readonly { readonly slug: string }[] }>(list);
  const wanted = (await cookies()).get(CHOSEN_COOKIE)?.value;
  const chosen = workflows?.items.find(({ slug }) => slug === wanted) ?? workflows?.items[0];
  const queries = [list, firstJobs("jobs", { limit: 24 })];
  if (chosen !== undefined) queries.push(firstQuery("workflow.byId", { workflow: chosen.slug }));
  return (
    <FirstContent queries={queries}>
      <Suspense>
        <Studio chosenBefore={wanted ?? null} />
      </Suspense>
    </FirstContent>
  );
}
