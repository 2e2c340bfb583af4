import type { Admission, SignInWays } from "@darkroom/auth";
import type { ApiKeyScope, FileLimits, Principal, Role } from "@darkroom/contracts";
import type { Notice } from "@darkroom/db";

/** A page of a list; pass `nextCursor` back as `cursor` for the next page, null after the last one. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/** The answer of `system.ping`. */
export interface Pong {
  readonly message: string;
  /** The text that came with the ping; null without one. */
  readonly echo: string | null;
  /** The server's time, ISO 8601. */
  readonly at: string;
}

export interface SystemInfo {
  readonly name: "darkroom";
  readonly version: string;
  readonly backends: { readonly live: number; readonly known: number };
  /** True if any live backend is the bundled simulator: pictures are then drawn, not generated. */
  readonly simulator: boolean;
  readonly paused: boolean;
  /** What operators tell everyone now. */
  readonly notice: Notice | null;
  /** Who may come in now, by the settings and by the operators' switches. */
  readonly entrances: Admission;
  /** How people with an account come in, beside their password. */
  readonly signIn: SignInWays;
  /** By which browsers know the messages of this installation: their `applicationServerKey`. */
  readonly push: { readonly publicKey: string };
  /** The most bytes of an upload, by what the file is. */
  readonly maxFileBytes: FileLimits;
}

/** A value of `system.onNotice`: what everyone is told from now on, null for nothing; absent where it did not change. */
export interface NoticeData {
  readonly notice?: Notice | null;
}

export interface SessionView {
  readonly kind: Principal["kind"];
  readonly ownerId: string;
  readonly role: Role;
  readonly displayName: string | null;
  readonly scopes: readonly ApiKeyScope[];
  /** True until the guest's first write. */
  readonly isNew: boolean;
  readonly limits: {
    readonly submitsPerMinute: number;
    readonly generationsPerHour: number;
    readonly maxWaitingPerOwner: number;
  };
}

export interface ApiKeyView {
  readonly apiKeyId: string;
  readonly name: string;
  /** The first characters of the key, to recognise it. */
  readonly prefix: string;
  readonly scopes: readonly ApiKeyScope[];
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly revokedAt: string | null;
}

/** The only time the key itself is shown. */
export interface CreatedApiKey extends ApiKeyView {
  readonly key: string;
}

/** What is used of a limit, and what it allows. */
export interface LimitUsage {
  readonly used: number;
  readonly most: number;
}

/** The answer of `account.usage`. Of a guest, or of a young account, it counts what its whole address used. */
export interface AccountUsage {
  /** In the last 60 seconds. */
  readonly submitsPerMinute: LimitUsage;
  /** In the last hour; what failed or was canceled does not count. */
  readonly generationsPerHour: LimitUsage;
  /** Now. */
  readonly waiting: LimitUsage;
  /** Now, in bytes: what is kept of the caller, of nobody else at the address. `most` is null where any number may be. */
  readonly storedBytes: { readonly used: number; readonly most: number | null };
}

/** The answer of `account.export`. */
export interface AccountExport {
  /** Answers with all that is the caller's as one ZIP file, made while it is sent. */
  readonly url: string;
}

/** The answer of `account.remove`. */
export interface RemovedAccount {
  readonly ownerId: string;
  readonly removed: true;
}
