/**
 * Which model is loaded on a backend once everything ran that was sent there. Several workers may send prompts there, so each
 * tells what it sent and otherwise believes what is stored.
 */
export interface WarmModel {
  /** Null if it is unknown. */
  readonly key: string | null;
  /** This worker sent a prompt with that model; null: the backend went down, and after a restart no model is loaded. */
  note(key: string | null): void;
  /** What only this worker knows, as it is stored: empty for no model. Null if there is nothing to tell. */
  news(): string | null;
  /** After `told`, an answer of `news`, was stored; `stored` is what is on record now. */
  stored(told: string | null, stored: string | null): void;
}

export function createWarmModel(): WarmModel {
  let key: string | null = null;
  let isNews = false;
  return {
    get key() {
      return key;
    },
    note: (noted) => {
      isNews ||= noted !== key;
      key = noted;
    },
    news: () => (isNews ? (key ?? "") : null),
    stored: (told, stored) => {
      // Unless another prompt was sent while it was being stored.
      if (told === (key ?? "")) isNews = false;
      if (!isNews) key = stored;
    },
  };
}
