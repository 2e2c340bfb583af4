"use client";

import { type ComponentType, lazy, Suspense, useEffect, useSyncExternalStore } from "react";
import { useListens } from "../hooks/use-listens.ts";

interface Loaded<Props> {
  readonly get: () => ComponentType<Props> | undefined;
  readonly subscribe: (listener: () => void) => () => void;
  readonly load: () => void;
}

/** A failed load is made up for as soon as the browser has a network again, or with the next place that needs it. */
function loadedOnce<Props>(load: () => Promise<ComponentType<Props>>): Loaded<Props> {
  let part: ComponentType<Props> | undefined;
  let isLoading = false;
  const listeners = new Set<() => void>();
  const begin = (): void => {
    if (isLoading) return;
    isLoading = true;
    load().then(
      (loaded) => {
        part = loaded;
        for (const listener of listeners) listener();
      },
      () => {
        isLoading = false;
        addEventListener("online", begin, { once: true });
      },
    );
  };
  return {
    get: () => part,
    load: begin,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/**
 * A part that is not in the page's first load nor in its HTML: it is loaded where it is first shown. Until then, and for as long as
 * it cannot be had, `Meanwhile` stands in its place, and the page beside it goes on.
 */
export function later<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  Meanwhile: ComponentType<Props> = () => null,
): ComponentType<Props> {
  const loaded = loadedOnce(load);
  return function Later(props: Props) {
    const Part = useSyncExternalStore(loaded.subscribe, loaded.get, () => undefined);
    useEffect(loaded.load, []);
    const Shown = Part ?? Meanwhile;
    return <Shown {...props} />;
  };
}

/**
 * A part that is in the page's HTML, and that only the browser gets later. It waits alone: else the whole page would be hidden until it
 * is there, and whoever chooses something by keyboard would lose the focus.
 */
export function laterInHtml<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  Meanwhile: ComponentType = () => null,
): ComponentType<Props> {
  const Part = lazy(async () => ({ default: await load() })) as unknown as ComponentType<Props>;
  return (props) => (
    <Suspense fallback={<Meanwhile />}>
      <Part {...props} />
      <Listening />
    </Suspense>
  );
}

function Listening(): null {
  useListens();
  return null;
}
