import { createHash } from "node:crypto";
import { type ComfyClient, type ModelFiles, nodeCatalog, nodeInfo, readObjectInfo } from "@darkroom/comfyui";
import type { NodeCatalog, NodeInfo } from "@darkroom/contracts";
import { type NodeLayouts, readLayouts } from "@darkroom/workflow-format";
import type { Logger } from "pino";

/** What one ComfyUI server can run, and the hash that decisions about it are kept under. */
export interface Catalog {
  readonly nodes: NodeCatalog;
  readonly hash: string;
  /** The classes with the defaults of their inputs: what a job lacks of them is filled in when it is sent. */
  readonly layouts: NodeLayouts;
}

/** What was read of a backend and is not stored yet; null where nothing is new. */
export interface CatalogNews {
  readonly catalog: (Catalog & { readonly files: ModelFiles | null }) | null;
  /** Large, and of no use to the worker itself: forgotten once it is stored. */
  readonly info: { readonly info: NodeInfo; readonly hash: string } | null;
}

/** Reads a server's catalog of nodes and models, and keeps what others have yet to be told of it. */
export interface CatalogReader {
  /** Null until it was read once. */
  readonly catalog: Catalog | null;
  /** True if it was read since the server came up. */
  readonly isKnown: boolean;
  /**
   * Reads it if it is old, without making anybody wait: with many custom nodes that takes longer than the silence after which
   * a backend counts as gone, and probes must go on meanwhile. `onRead` is called when it was read.
   */
  refresh(): void;
  /** The server is gone, and may come back with other nodes. What was read stays in use until then. */
  forget(): void;
  news(): CatalogNews;
  stored(news: CatalogNews): void;
  /** Resolves when nothing is being read any more. */
  idle(): Promise<void>;
}

export function createCatalogReader(
  client: Pick<ComfyClient, "objectInfoText" | "models">,
  { maxAgeMs, onRead, log }: { maxAgeMs: number; onRead: () => void; log: Logger },
): CatalogReader {
  let news: CatalogNews = { catalog: null, info: null };
  let catalog: CatalogNews["catalog"] = null;
  let storedInfoHash: string | null = null;
  /** Of the server's answer that was read last: one that is the same again needs no reading, which costs a hundred times its hash. */
  let readHash: string | null = null;
  /** Never since the server came up: minus infinity. */
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | null = null;

  async function read(): Promise<void> {
    const text = await client.objectInfoText();
    const textHash = digest(text);
    if (textHash === readHash) {
      readAt = performance.now();
      return;
    }
    const objectInfo = readObjectInfo(text);
    const nodes = nodeCatalog(objectInfo);
    const layouts = readLayouts(objectInfo);
    const hash = hashOf(nodes);
    if (hash !== catalog?.hash) {
      // The catalog names the files too, so nothing comes or goes without changing it.
      const files = await client.models().catch(() => null);
      catalog = { nodes, hash, files, layouts };
      news = { ...news, catalog };
    }
    // A default may have changed alone, which no other process decides by.
    else catalog = { ...catalog, layouts };
    const info = describe(objectInfo, layouts);
    const infoHash = hashOf(info);
    if (infoHash !== storedInfoHash) news = { ...news, info: { info, hash: infoHash } };
    readHash = textHash;
    readAt = performance.now();
  }

  return {
    get catalog() {
      return catalog;
    },
    get isKnown() {
      return Number.isFinite(readAt);
    },
    refresh: () => {
      if (performance.now() - readAt < maxAgeMs) return;
      reading ??= read()
        .then(onRead, (error: unknown) => log.debug({ err: error }, "the nodes could not be read"))
        .finally(() => {
          reading = null;
        });
    },
    forget: () => {
      readAt = Number.NEGATIVE_INFINITY;
    },
    news: () => news,
    // Another may have been read by the time that this one is stored.
    stored: (told) => {
      if (told.info !== null) storedInfoHash = told.info.hash;
      news = {
        catalog: news.catalog === told.catalog ? null : news.catalog,
        info: news.info === told.info ? null : news.info,
      };
    },
    idle: async () => {
      await reading;
    },
  };
}

/** All that a check and an import ask of a server's classes. */
function describe(objectInfo: unknown, layouts: NodeLayouts): NodeInfo {
  return Object.fromEntries(
    Object.entries(nodeInfo(objectInfo)).map(([className, facts]) => [
      className,
      { ...facts, layout: layouts[className] },
    ]),
  );
}

const hashOf = (value: unknown): string => digest(JSON.stringify(value));

const digest = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 32);
