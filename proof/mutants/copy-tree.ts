import { cpSync, existsSync, mkdirSync, readdirSync, realpathSync, symlinkSync, unlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const left = new Set(["node_modules", ".git", ".cache", ".next", ".darkroom", ".turbo", "recordings"]);

/**
 * Copies the project to `target`, with its dependencies linked: those from outside to where they are, our own packages to
 * their copies, so that a change in one copy is what the others import. What we patch is copied too: a patch is a guard.
 */
export function copyTree(root: string, target: string): void {
  cpSync(root, target, { recursive: true, filter: (path) => path === root || !left.has(basename(path)) });
  const patched = readdirSync(join(root, "patches")).map((file) => file.slice(0, file.lastIndexOf("@")));
  linkDependencies(root, target, target);
  for (const group of ["apps", "packages"]) {
    for (const name of readdirSync(join(root, group))) {
      const [from, to] = [join(root, group, name), join(target, group, name)];
      linkDependencies(from, to, target);
      for (const dependency of patched) copyDependency(join(from, "node_modules", dependency), to);
    }
  }
}

function linkDependencies(from: string, to: string, tree: string): void {
  const modules = join(from, "node_modules");
  if (!existsSync(modules)) return;
  mkdirSync(join(to, "node_modules"), { recursive: true });
  for (const name of namesIn(modules)) link(join(modules, name), join(to, "node_modules", name), tree);
}

/** The packages in a folder called `node_modules`, those of a scope as `@scope/name`. */
function namesIn(modules: string): string[] {
  return readdirSync(modules)
    .filter((name) => !name.startsWith("."))
    .flatMap((name) =>
      name.startsWith("@") ? readdirSync(join(modules, name)).map((inner) => join(name, inner)) : [name],
    );
}

/** In the place of its link, with what it needs itself, which pnpm keeps beside it. */
function copyDependency(from: string, to: string): void {
  if (!existsSync(from)) return;
  const [original, copy] = [realpathSync(from), join(to, "node_modules", basename(from))];
  unlinkSync(copy);
  cpSync(original, copy, { recursive: true });
  for (const beside of namesIn(dirname(original))) {
    const needed = join(copy, "node_modules", beside);
    if (beside !== basename(from) && !existsSync(needed)) link(join(original, "..", beside), needed, to);
  }
}

function link(from: string, to: string, tree: string): void {
  mkdirSync(join(to, ".."), { recursive: true });
  const own = /@darkroom[\\/]([a-z]+)$/.exec(from)?.[1];
  symlinkSync(own === undefined ? realpathSync(from) : join(tree, "packages", own), to, "junction");
}
