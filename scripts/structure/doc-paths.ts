/** A path that a page of documentation names, as it is written there. */
export interface NamedPath {
  path: string;
  /** From 1. */
  line: number;
}

const folders = "apps|deploy|docs|e2e|findings|packages|patches|proof|scripts|tooling";
/** `packages/db/src/index.ts`, `docs/comfyui.md`, `apps/worker/src`. A pattern with a star or a placeholder is none. */
const fromRoot = new RegExp(`^(?:${folders})/[\\w.@/[\\]-]+$`);
/** `run-job.ts`, `testing/surprises/`: a file or a folder that is somewhere below what the text speaks of. */
const partly = /^[\w.@[\]-]+(?:\/[\w.@[\]-]+)*(?:\.(?:ts|tsx|mjs|lua|sql|md|sh|json)|\/)$/;

/** The paths of this repository that a page names in backticks, and those that its relative links lead to. */
export function namedPaths(text: string): NamedPath[] {
  return text.split("\n").flatMap((content, index) => {
    const quoted = [...content.matchAll(/`([^`\s]+)`/g)].map(([, token = ""]) => token);
    return quoted
      .filter((token) => fromRoot.test(token) || partly.test(token))
      .map((path) => ({ path, line: index + 1 }));
  });
}

/** The targets of a page's links to other files of the repository, relative to the page. */
export function linkedPaths(text: string): NamedPath[] {
  return text
    .split("\n")
    .flatMap((content, index) =>
      [...content.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)].map(([, path = ""]) => ({ path, line: index + 1 })),
    );
}

/** Whether a path that is not named from the root is the end of one of these files or folders. */
export function isEndOfOne(path: string, all: readonly string[]): boolean {
  const wanted = `/${path.replace(/\/$/, "")}`;
  return !fromRoot.test(path) && all.some((known) => `/${known}`.endsWith(wanted));
}
