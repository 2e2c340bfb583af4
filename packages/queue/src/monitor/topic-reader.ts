export interface TopicMessage<Value> {
  /** Its place in the topic's order, the same for everybody; given back as `lastEventId`, reading goes on after it. */
  readonly id: string;
  readonly value: Value;
}

export interface TopicBatch<Value> {
  /** Of the last message; the reader's own cursor if there is none. Never empty. */
  readonly id: string;
  readonly values: readonly Value[];
  /** True: something after the given cursor is no longer kept, and was missed. */
  readonly isReset: boolean;
}

/** Reads one topic in order, without gaps for as long as its messages are kept. */
export interface TopicReader<Value> extends AsyncIterable<TopicBatch<Value>, void> {
  /** Begins to read; called once. */
  begin(): void;
  /** Gives it a message, as the topic does. */
  put(message: TopicMessage<Value>): void;
  /** Gives it a value in the place of the topic, while Redis is away. */
  offer(value: Value): void;
  close(): void;
}

interface Source<Value> {
  after(id: string): Promise<TopicMessage<Value>[]>;
  /** Whether the message is still kept, and so everything after it. */
  isKept(id: string): Promise<boolean>;
  /** The id of the newest message once its followers are heard; `0-0` if there is none. */
  newest(): Promise<string>;
}

/** Messages that wait for a slow reader. */
const BUFFER_LIMIT = 512;

/** The cursor of a reader that has seen nothing: before every message. */
const BEGINNING = "0-0";

export function createTopicReader<Value>({
  after,
  source,
  signal,
  onClose,
}: {
  /** Null: it begins with the next message, after an empty batch that gives it a cursor. */
  readonly after: string | null;
  readonly source: Source<Value>;
  readonly signal?: AbortSignal | undefined;
  readonly onClose: () => void;
}): TopicReader<Value> {
  let cursor = after ?? BEGINNING;
  let waiting: TopicMessage<Value>[] = [];
  /** True while what comes live may follow something that is still being read. */
  let isLoading = true;
  let isDue = false;
  let isReset = false;
  let isClosed = false;
  let wake: () => void = () => undefined;

  const close = (): void => {
    if (isClosed) return;
    isClosed = true;
    signal?.removeEventListener("abort", close);
    onClose();
    wake();
  };

  async function load(): Promise<void> {
    if (after === null) {
      cursor = await source.newest();
      isDue = true;
    } else {
      // While Redis is away nothing comes live either; what is missed by a failure here is told as a reset.
      const missed = await missedAfter(source, after).catch(() => null);
      isReset = missed === null || !missed.isWhole;
      const known = new Set(missed?.messages.map(({ id }) => id));
      waiting = [...(missed?.messages ?? []), ...waiting.filter(({ id }) => !known.has(id))];
    }
    isLoading = false;
    wake();
  }

  async function* read(): AsyncGenerator<TopicBatch<Value>, void> {
    try {
      while (!isClosed) {
        if (!isLoading && (waiting.length > 0 || isReset || isDue)) {
          cursor = waiting.at(-1)?.id ?? cursor;
          const batch = { id: cursor, values: waiting.map(({ value }) => value), isReset };
          waiting = [];
          isReset = false;
          isDue = false;
          yield batch;
          continue;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      close();
    }
  }

  return {
    begin: () => {
      signal?.addEventListener("abort", close, { once: true });
      if (signal?.aborted) close();
      else void load();
    },
    put: (message) => {
      waiting.push(message);
      if (waiting.length > BUFFER_LIMIT) {
        // The oldest go; the reader is told, by `isReset`, that it missed something.
        waiting = waiting.slice(-BUFFER_LIMIT / 2);
        isReset = true;
      }
      wake();
    },
    offer: (value) => {
      waiting = [{ id: cursor, value }];
      isLoading = false;
      wake();
    },
    close,
    [Symbol.asyncIterator]: read,
  };
}

/** Everything after a message, and whether it is all there was. */
async function missedAfter<Value>(
  source: Source<Value>,
  id: string,
): Promise<{ readonly messages: readonly TopicMessage<Value>[]; readonly isWhole: boolean }> {
  const isWhole = id === BEGINNING || (await source.isKept(id));
  const messages: TopicMessage<Value>[] = [];
  for (;;) {
    const page = await source.after(messages.at(-1)?.id ?? id);
    messages.push(...page);
    if (page.length === 0) return { messages, isWhole };
  }
}
