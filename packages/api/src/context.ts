import type { AdmissionControl, SignInWays } from "@darkroom/auth";
import type { FileLimits, JobEvent, Principal, Role, Tracer } from "@darkroom/contracts";
import type { Database, RetentionKind } from "@darkroom/db";
import type { Hub, Instances, Publisher, Queue, RedisMemory, ToldInstance, Topics, Viewers } from "@darkroom/queue";

/** How many requests one owner of a role, and one address of guests, may make. */
export interface Limits {
  readonly submitsPerMinute: number;
  readonly generationsPerHour: number;
  readonly maxWaitingPerOwner: number;
  readonly maxWaiting: number;
  /** Bytes of a person's files, beyond which nothing more is taken; null: any number. */
  readonly storedBytesPerOwner: number | null;
}

/** What the API writes its log to; pino fits. */
export interface Log {
  error(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  info(facts: object, message: string): void;
  debug(facts: object, message: string): void;
}

/** What operators are told from: this process and all the others. */
export interface Monitor {
  readonly instanceId: string;
  readonly topics: Topics;
  readonly instances: Instances;
  /** This process, as it is now. */
  own(): Promise<ToldInstance>;
  /** Tells the others how this process is now. Rejects while Redis is down. */
  flush(): Promise<void>;
  /** Rejects while Redis is down. */
  redisMemory(): Promise<RedisMemory>;
}

/** The parts of a process that every request shares. */
export interface Services {
  readonly database: Database;
  readonly queue: Queue;
  readonly publisher: Publisher;
  readonly hub: Hub;
  readonly monitor: Monitor;
  readonly log: Log;
  /** Where the steps of requests are noted. */
  readonly tracer: Tracer;
  /** Who looks at which job. */
  readonly viewers: Viewers;
  readonly limitsOf: (role: Role) => Limits;
  /** How large a file of each kind may be, in bytes: told to pages, which refuse a larger one before it is sent. */
  readonly fileLimits: FileLimits;
  /** The most days that operators may keep things, by the settings; null: any number. */
  readonly retentionDays: Readonly<Record<RetentionKind, number | null>>;
  /** Who may come in at all: what the settings allow, and what operators have closed. */
  readonly admission: AdmissionControl;
  /** How people with an account come in, beside their password. */
  readonly signInWays: SignInWays;
  /** The key under which the addresses of shared pictures are made; the same in every process. */
  readonly shareKey: string;
  /** Keys of shares before that one: addresses that were made with them are told too. */
  readonly earlierShareKeys: readonly string[];
  /**
   * Whether an address may be sent to, for all that can be known before: one that is written as a number has to be public, unless
   * the settings name it. Where a name leads is checked when something is sent.
   */
  readonly mayBeCalled: (address: string) => boolean;
  /** The key under which the secrets of webhooks are made; the same in every process. */
  readonly webhookKey: string;
  /** The public key by which browsers know what is pushed to them. */
  readonly pushKey: string;
  /** Counts a passing event that is sent to an owner. Throws `RATE_LIMITED`. */
  readonly admitEvent: (ownerId: string) => void;
}

/** The size of what a caller is answered, in characters of JSON. */
export interface AnswerBudget {
  left: number;
}

/** What a procedure receives: the process' services, and who asks. */
export interface Context extends Services {
  readonly principal: Principal;
  /** A keyed hash of the caller's address, by which guests are limited too; null if it is not known. */
  readonly addressKey: string | null;
  readonly transport: "http" | "ws" | "sse";
  readonly connectionId?: string;
  /** Told what a subscription was given, once it was; left out where nobody wants to know. */
  readonly onDelivered?: ((events: readonly JobEvent[]) => void) | undefined;
  /** Appears in the log and in errors. */
  readonly requestId?: string;
  /**
   * Resolves when there is a place among the calls that the caller has in flight, with what gives it back. Rejects with
   * `RATE_LIMITED`. Without it calls are not bounded, as in a route that took a place for all of its calls.
   */
  readonly enter?: () => Promise<() => void>;
  /** What the answers to this request may still have together; without it each answer has a bound of its own. */
  readonly answerBudget?: AnswerBudget;
  /** Aborted when the caller is gone. */
  readonly signal?: AbortSignal;
}
