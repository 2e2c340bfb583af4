/** ComfyUI's versions whose traffic was recorded, and one that was only driven. The newest first. */
export const simulatedVersions = ["0.33.0", "0.8.0", "0.3.64"] as const;
export type SimulatedVersion = (typeof simulatedVersions)[number];

/** In what one version differs from another on the wire; all else is alike. */
export interface Dialect {
  readonly version: SimulatedVersion;
  /** What `/features` and the handshake say. */
  readonly features: Readonly<Record<string, unknown>>;
  /** `uuid`: canonical and lower case, else 400. `any`: whatever it is, as text. */
  readonly promptIds: "uuid" | "any";
  /** Whether `extra_data` gets a `create_time`. */
  readonly stampsPrompts: boolean;
  /** Whether a ring of links is named; else it is refused without a word on the nodes. */
  readonly namesCycles: boolean;
  /** How a class that is not installed is refused. */
  readonly unknownClass: "missing_node_type" | "invalid_prompt";
  /** Whether a value of an input of type `COMBO` must be on its list, as one whose list stands in place of a type must. */
  readonly looksAtCombos: boolean;
  /** Whether `*` fits among several types, and a list of choices in place of a type fits a `COMBO`. */
  readonly looseTypes: boolean;
  /** `/api/jobs`: absent, to be read, or to be read and cancelled. */
  readonly jobs: "none" | "read" | "cancel";
  /** A progress bar without pictures speaks at most this often, but always of its first and last step. */
  readonly throttleMs: number;
  /** Whether `Sec-Fetch-Site: cross-site` is refused. */
  readonly looksAtFetchSite: boolean;
}

const maxUploadBytes = 104_857_600;

const dialects: Readonly<Record<SimulatedVersion, Omit<Dialect, "version">>> = {
  "0.33.0": {
    features: {
      supports_preview_metadata: true,
      supports_model_type_tags: true,
      max_upload_size: maxUploadBytes,
      extension: { manager: { supports_v4: true } },
      node_replacements: true,
      assets: false,
    },
    promptIds: "uuid",
    stampsPrompts: true,
    namesCycles: true,
    unknownClass: "missing_node_type",
    looksAtCombos: true,
    looseTypes: true,
    jobs: "cancel",
    throttleMs: 100,
    looksAtFetchSite: true,
  },
  "0.8.0": {
    features: {
      supports_preview_metadata: true,
      max_upload_size: maxUploadBytes,
      extension: { manager: { supports_v4: true } },
    },
    promptIds: "any",
    stampsPrompts: true,
    namesCycles: false,
    unknownClass: "invalid_prompt",
    looksAtCombos: true,
    looseTypes: true,
    jobs: "read",
    throttleMs: 0,
    looksAtFetchSite: false,
  },
  "0.3.64": {
    features: { supports_preview_metadata: true, max_upload_size: maxUploadBytes },
    promptIds: "any",
    stampsPrompts: false,
    namesCycles: false,
    unknownClass: "invalid_prompt",
    looksAtCombos: false,
    looseTypes: false,
    jobs: "none",
    throttleMs: 0,
    looksAtFetchSite: false,
  },
};

/** How that version of ComfyUI speaks. */
export function dialectOf(version: SimulatedVersion): Dialect {
  return { version, ...dialects[version] };
}
