const KEY = "darkroom.active";

/**
 * The ids of this browser's open jobs. Only a hint of what to ask for after a reload: the server's answer decides, and
 * an id that the server no longer knows is dropped.
 */
export interface ActiveJobs {
  read(): string[];
  write(jobIds: readonly string[]): void;
}

export function createActiveJobs(storage: Pick<Storage, "getItem" | "setItem" | "removeItem">): ActiveJobs {
  let written = "";
  return {
    read() {
      try {
        const parsed: unknown = JSON.parse(storage.getItem(KEY) ?? "[]");
        return Array.isArray(parsed) ? parsed.filter((id): id is string => typeof id === "string").slice(0, 100) : [];
      } catch {
        return [];
      }
    },
    write(jobIds) {
      const text = JSON.stringify(jobIds);
      if (text === written) return;
      written = text;
      try {
        if (jobIds.length === 0) storage.removeItem(KEY);
        else storage.setItem(KEY, text);
      } catch {
        // A full or denied storage costs the hint, nothing else.
      }
    },
  };
}
