import type { JobView } from "@darkroom/contracts";
import { shorten } from "../../../format.ts";
import { browserStorage } from "../../../hooks/browser-storage.ts";
import { showToast } from "../../../ui/toaster.tsx";
import { jobTitle } from "../job-title.ts";

const KEY = "darkroom.notify";

/** Asks once, after the first job that finished here, whether to tell of later ones; not where browsers refuse anyway. */
export function askOnce(): void {
  const storage = browserStorage();
  if (typeof Notification === "undefined" || Notification.permission === "denied" || storage.getItem(KEY) !== null)
    return;
  storage.setItem(KEY, "no");
  void showToast({
    text: "Shall this browser tell you, with a sound, when a picture is ready and you look elsewhere?",
    action: {
      label: "Tell me",
      run: () =>
        void Notification.requestPermission().then((answer) => {
          if (answer === "granted") storage.setItem(KEY, "yes");
        }),
    },
    stayMs: 15_000,
  });
}

/** Tells of a job that ended while nobody looks at this page, if that was wished for; once, however many tabs are open. */
export function tellEnd(job: JobView): void {
  if (!document.hidden || browserStorage().getItem(KEY) !== "yes" || Notification.permission !== "granted") return;
  void once(job.jobId, () => {
    const text = job.state === "succeeded" ? "Your picture is ready" : "Your picture failed";
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
    await new Promise((resolve) => setTimeout(resolve, 5000));
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
