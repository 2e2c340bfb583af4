"use client";

import type { JobEvent, JobView } from "@darkroom/contracts";
import { QueryClientProvider } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { browserStorage } from "../hooks/browser-storage.ts";
import { type ApiClient, createApiClient, lazyLink, type RouterOutputs } from "./client.ts";
import { type ConnectionStore, createConnectionStore } from "./connection.ts";
import { createActiveJobs } from "./feed/active-jobs.ts";
import { createFeed, type Feed } from "./feed/feed.ts";
import { withoutJob } from "./feed/feed-state.ts";
import { tabStorage, takeRemoved } from "./feed/removed-on-leave.ts";
import { FirstAnswers } from "./first-answers.tsx";
import type { FirstAnswer } from "./first-queries.ts";
import { createQueryClient } from "./query-client.ts";
import { keyOf } from "./query-key.ts";
import { TrpcProvider, trpc } from "./react-hooks.tsx";

type Session = RouterOutputs["session"]["me"];

interface Services {
  readonly client: ApiClient;
  /** The server's `WS_PATH`; null where its sockets are switched off. */
  readonly socketPath: string | null;
  readonly connection: ConnectionStore;
  readonly feed: Feed;
}

const ServicesContext = createContext<Services | null>(null);

/** The tab's client, connection and feed. Only hooks of this folder use it. */
export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (services === null) throw new Error("ApiProvider is missing above this component");
  return services;
}

interface ApiProviderProps {
  readonly children: ReactNode;
  /** Answers that came with the page. */
  readonly first: readonly FirstAnswer[];
  /** The server's `WS_PATH`; null where its sockets are switched off. */
  readonly socketPath: string | null;
  /** Called for each event of one's own jobs. */
  readonly onEvent?: (event: JobEvent, view: JobView | undefined) => void;
}

function create({ socketPath, onEvent }: Omit<ApiProviderProps, "children" | "first">) {
  const connection = createConnectionStore();
  const handlers = { onOpen: connection.opened, onClose: connection.closed };
  const queryClient = createQueryClient();
  const visitor = (): string => {
    const me = queryClient.getQueryData<Session>(keyOf(["session", "me"], undefined, "query"));
    return me === undefined ? "" : `${me.ownerId}-${me.role}`;
  };
  // Not part of the first load: nothing is subscribed to before the page stands.
  const live = lazyLink(async () =>
    (await import("./live/live-link.ts")).createLiveLink({ socketPath, visitor, handlers }),
  );
  const client = createApiClient(live);
  const feed = createFeed({ client, connection, activeJobs: createActiveJobs(browserStorage()), onEvent });
  feed.store.update((state) => takeRemoved(tabStorage()).reduce(withoutJob, state));
  return { services: { client, socketPath, connection, feed }, queryClient };
}

/** Creates what the hooks of this folder share, once per tab. */
export function ApiProvider({ children, first, ...options }: ApiProviderProps) {
  const [{ services, queryClient }] = useState(() => create(options));
  return (
    <ServicesContext value={services}>
      <QueryClientProvider client={queryClient}>
        <TrpcProvider client={services.client} queryClient={queryClient}>
          <FirstAnswers answers={first}>
            <FeedRunner />
            {children}
          </FirstAnswers>
        </TrpcProvider>
      </QueryClientProvider>
    </ServicesContext>
  );
}

/**
 * Subscribes once the session is known: a guest's cookie comes with the first answer over HTTP. For whoever is shut out
 * there is nothing to subscribe to, and a socket would be refused again and again.
 */
function FeedRunner() {
  const { feed, connection } = useServices();
  const query = trpc.session.me.useQuery(undefined, { staleTime: Number.POSITIVE_INFINITY });
  const { ownerId, role } = query.data ?? {};
  const listener = role === "blocked" ? undefined : ownerId;
  useEffect(() => (listener === undefined ? undefined : feed.start()), [feed, listener]);

  // A visitor who is shut out while the page is open is cut off, and learns why from who they are now.
  const { refetch } = query;
  useEffect(() => {
    let was = connection.get().status;
    return connection.subscribe(() => {
      const { status } = connection.get();
      if (status === "reconnecting" && was !== status) void refetch();
      was = status;
    });
  }, [connection, refetch]);
  return null;
}
