import { type JobView, sleep, withDeadline } from "@darkroom/contracts";
import { shorten } from "../../../format.ts";
import { browserStorage } from "../../../hooks/browser-storage.ts";
import { t } from "../../../language/say.ts";
import { showToast } from "../../../ui/toaster.tsx";
import { jobTitle } from "../job-title.ts";
import { canPush, type PushDoor, startPush, stopPush } from "./push.ts";

const KEY = "darkroom.notify";
/** The owner whose jobs are pushed to this browser, and the key of the installation that pushes. */
const PUSHED_KEY = "darkroom.pushed";

/** Whether this browser tells of jobs that end. */
export const isTelling = (): boolean =>
  browserStorage().getItem(KEY) === "yes" && Notification.permission === "granted";

/** Has this browser tell, if the person allows it; answers whether they did. */
export async function startTelling(push: PushDoor, ownerId: string): Promise<boolean> {
  if ((await Notification.requestPermission()) !== "granted") return false;
  browserStorage().setItem(KEY, "yes");
  await keepTelling(push, ownerId);
  return true;
}

/** Whether this browser is told also while no page is open. */
export const isPushed = (): boolean => browserStorage().getItem(PUSHED_KEY) !== null;

/** A push service that cannot be reached may not answer at all. */
const PUSH_PATIENCE_MS = 10_000;

/**
 * Has what is pushed to this browser be that of whoever is here now: a sign-in or sign-out changes it. Where nothing can be pushed, open
 * pages still tell.
 */
export async function keepTelling(push: PushDoor, ownerId: string): Promise<void> {
  const storage = browserStorage();
  if (!canPush() || !isTelling()) return;
  const subscribe = async (): Promise<void> => {
    const publicKey = await push.publicKey();
    const isFor = `${ownerId} ${publicKey}`;
    if (storage.getItem(PUSHED_KEY) === isFor) return;
    await startPush(push, publicKey);
    storage.setItem(PUSHED_KEY, isFor);
  };
  await withDeadline(
    subscribe().catch(() => undefined),
    PUSH_PATIENCE_MS,
    () => undefined,
  );
}

export async function stopTelling(push: PushDoor): Promise<void> {
  browserStorage().setItem(KEY, "no");
  browserStorage().removeItem(PUSHED_KEY);
  if (canPush()) await stopPush(push);
}

/** Asks once, after the first job that finished here, whether to tell of later ones; not where browsers refuse anyway. */
export function askOnce(push: PushDoor, ownerId: string): void {
  const storage = browserStorage();
  if (typeof Notification === "undefined" || Notification.permission === "denied" || storage.getItem(KEY) !== null)
    return;
  storage.setItem(KEY, "no");
  void showToast({
    text: t`Shall this browser tell you, with a sound, when a picture is ready and you look elsewhere?`,
    action: {
      label: t`Tell me`,
      run: () => void startTelling(push, ownerId),
    },
    stayMs: 15_000,
  });
}

/** Tells of a job that ended while nobody looks at this page, if that was wished for; once, however many tabs are open. */
export function tellEnd(job: JobView): void {
  if (!document.hidden || typeof Notification === "undefined" || !isTelling()) return;
  void once(job.jobId, () => {
    const text = job.state === "succeeded" ? t`Your picture is ready` : t`Your picture failed`;
    const note = new Notification(text, { body: shorten(jobTitle(job), 120), tag: job.jobId, icon: "/icon.svg" });
    note.onclick = () => window.focus();
    chime();
  });
}

/** The first tab that asks does it; the lock is kept long enough for the others to find it taken. */
async function once(name: string, task: () => void): Promise<void> {
  if (navigator.locks === undefined) return task();
  await navigator.locks.request(`darkroom.told ${name}`, { ifAvailable: true }, async (lock) => {
    if (lock === null) return;
    task();
    await sleep(5000);
  });
}

/** Two soft tones. Browsers play nothing on a page that was never touched; then there is silence. */
function chime(): void {
  const audio = new AudioContext();
  const volume = audio.createGain();
  volume.connect(audio.destination);
  volume.gain.setValueAtTime(0.08, audio.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.6);
  for (const [at, hertz] of [
    [0, 660],
    [0.15, 880],
  ] as const) {
    const tone = audio.createOscillator();
    tone.frequency.value = hertz;
    tone.connect(volume);
    tone.start(audio.currentTime + at);
    tone.stop(audio.currentTime + 0.6);
  }
  setTimeout(() => void audio.close(), 1000);
}
