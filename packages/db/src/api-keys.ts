import type { ApiKeyScope, Role } from "@darkroom/contracts";
import type { Database } from "./client.ts";

export interface NewApiKey {
  readonly apiKeyId: string;
  readonly ownerId: string;
  readonly name: string;
  /** The first characters, to recognise it by. */
  readonly prefix: string;
  readonly hash: string;
  readonly scopes: readonly ApiKeyScope[];
}
export interface ApiKeyView {
  readonly apiKeyId: string;
  readonly ownerId: string;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: readonly ApiKeyScope[];
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly revokedAt: string | null;
}
export interface ApiKeyOwner {
  readonly apiKeyId: string;
  readonly ownerId: string;
  readonly ownerIds: readonly string[];
  readonly role: Role;
  readonly displayName: string | null;
  readonly scopes: readonly ApiKeyScope[];
}

export declare function insertApiKey(database: Database, key: NewApiKey): Promise<ApiKeyView>;
export declare function apiKeyByHash(database: Database, hash: string): Promise<ApiKeyOwner | null>;
export declare function listApiKeys(database: Database, ownerIds: readonly string[]): Promise<ApiKeyView[]>;
export declare function revokeApiKey(
  database: Database,
  request: { apiKeyId: string; ownerIds: readonly string[] },
): Promise<boolean>;
