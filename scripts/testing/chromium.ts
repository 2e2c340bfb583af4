import { execFile } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";

/** How to launch a browser. `executablePath` undefined: Playwright's own download. */
export interface Chromium {
  executablePath: string | undefined;
  env: Record<string, string>;
}

const installedNames = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const macPath = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/** Needed as root and in containers; the rest keeps the browser from using the network by itself. */
export const chromiumArgs: string[] = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** `CHROMIUM_PATH`, else an installed one, else the one in npm's `@sparticuz/chromium`, else Playwright's own. */
export async function findChromium(): Promise<Chromium> {
  const installed = process.env.CHROMIUM_PATH || findInstalled();
  if (installed) return { executablePath: installed, env: {} };
  if (process.platform === "linux" && process.arch === "x64") return unpackChromium();
  return { executablePath: undefined, env: {} };
}

function findInstalled(): string | null {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const paths = [...folders.flatMap((folder) => installedNames.map((name) => join(folder, name))), macPath];
  return paths.find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Unpacks it once per user and version; the file is readable by the one who unpacked it alone. */
async function unpackChromium(): Promise<Chromium> {
  const packageFile = createRequire(import.meta.url).resolve("@sparticuz/chromium");
  const manifest = await readFile(join(dirname(packageFile), "../package.json"), "utf8");
  const { version } = JSON.parse(manifest) as { version: string };
  const folder = join(tmpdir(), `darkroom-chromium-${version}-${process.getuid?.() ?? 0}`);
  if (!isComplete(folder)) await unpack(packageFile, folder);
  return {
    executablePath: join(folder, "chromium"),
    env: { LD_LIBRARY_PATH: join(folder, "al2023/lib"), FONTCONFIG_PATH: join(folder, "fonts") },
  };
}

/** A temporary folder may have been aged away in part. */
function isComplete(folder: string): boolean {
  return ["chromium", "al2023/lib/libnss3.so", "fonts/fonts.conf", "libGLESv2.so"].every((name) =>
    existsSync(join(folder, name)),
  );
}

async function unpack(packageFile: string, folder: string) {
  const unfinished = `${folder}.${process.pid}`;
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  // The package unpacks into the temporary folder, and its NSS libraries only on AWS.
  const env = { ...process.env, TMPDIR: unfinished, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x" };
  const program = `import chromium from ${JSON.stringify(packageFile)}; await chromium.executablePath();`;
  await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program], { env });
  await writeFile(join(unfinished, "fonts/fonts.conf"), fontsConfig(folder));
  await rm(folder, { recursive: true, force: true });
  await rename(unfinished, folder).catch(() => rm(unfinished, { recursive: true, force: true }));
}

/** The package's own names folders that only AWS has: text would have no height. */
function fontsConfig(folder: string): string {
  const fonts = [join(folder, "fonts/fonts"), "/usr/share/fonts"].map((dir) => `<dir>${dir}</dir>`).join("");
  const cache = `<cachedir>${join(folder, "fonts-cache")}</cachedir>`;
  return `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${fonts}${cache}</fontconfig>`;
}
