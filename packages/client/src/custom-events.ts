import type { CustomEvent, CustomEventType } from "@darkroom/contracts";
import { call } from "./call.ts";

/** What checks an event's data: any schema with the interface of Standard Schema, such as zod's. */
interface Schema<Data> {
  readonly "~standard": {
    readonly validate: (data: unknown) => Checked<Data> | Promise<Checked<Data>>;
    readonly types?: { readonly input: unknown; readonly output: Data } | undefined;
  };
}
type Checked<Data> =
  | { readonly value: Data; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string }[] };

/** A service's events by name. `durable`: kept and told in order with those of jobs; else told to whoever watches now. */
export type EventRegistry = Readonly<
  Record<CustomEventType, { readonly durable: boolean; readonly data: Schema<Record<string, unknown>> }>
>;

type DataOf<Registry extends EventRegistry, Type extends keyof Registry> = Registry[Type] extends {
  readonly data: Schema<infer Data>;
}
  ? Data
  : never;

/** An event of the registry, with its data as the registry has it. */
export type RegisteredEvent<Registry extends EventRegistry> = {
  [Type in keyof Registry & CustomEventType]: Omit<CustomEvent, "type" | "data"> & {
    readonly type: Type;
    readonly data: DataOf<Registry, Type>;
  };
}[keyof Registry & CustomEventType];

/** What the registry needs of a client. */
export interface EventDoor {
  publish(event: Pick<CustomEvent, "type" | "data" | "durable"> & PublishOptions): Promise<unknown>;
  onCustomEvent(tell: (event: CustomEvent) => void): Promise<() => void>;
}

export interface PublishOptions {
  /** The same id is kept once; without it one is drawn, and a try that was cut off is repeated under it. */
  readonly eventId?: string;
  /** Operators: whose feed. */
  readonly ownerId?: string;
}

/** The events that a service adds to feeds, each with its type: data that does not fit is neither sent nor told. */
export interface CustomEvents<Registry extends EventRegistry> {
  /** Rejects with a `TypeError` for data that does not fit, and with the server's refusal. */
  publish<Type extends keyof Registry & CustomEventType>(
    client: EventDoor,
    type: Type,
    data: DataOf<Registry, Type>,
    options?: PublishOptions,
  ): Promise<void>;
  /** Calls back with each event of the registry from when it resolves on, with what stops that. */
  listen(client: EventDoor, tell: (event: RegisteredEvent<Registry>) => void): Promise<() => void>;
}

/** Declares a service's own events, by names that begin with `x.`. */
export function customEvents<const Registry extends EventRegistry>(registry: Registry): CustomEvents<Registry> {
  const check = async (type: CustomEventType, data: unknown) => registry[type]?.data["~standard"].validate(data);
  return {
    async publish(client, type, data, options = {}) {
      const checked = await check(type, data);
      if (checked === undefined) throw new TypeError(`${type} is not in the registry`);
      if (checked.issues !== undefined) throw new TypeError(`${type}: ${checked.issues[0]?.message}`);
      await client.publish({ type, data: checked.value, durable: registry[type]?.durable ?? true, ...options });
    },
    listen: (client, tell) => {
      // One after the other, because a check may take its time.
      let last = Promise.resolve();
      return client.onCustomEvent((event) => {
        last = last.then(async () => {
          // A check that fails itself says no more than one that refuses, and must not end those of the next ones.
          const checked = await check(event.type, event.data).catch(() => undefined);
          if (checked === undefined || checked.issues !== undefined) return;
          call(tell, { ...event, data: checked.value } as RegisteredEvent<Registry>);
        });
      });
    },
  };
}
