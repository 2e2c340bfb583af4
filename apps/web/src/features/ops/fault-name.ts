import { t } from "../../language/say.ts";

/** What a kind of fault is called; one that the page does not know goes by the simulator's name. */
export const faultName = (kind: string): string => names()[kind] ?? kind;

const names = (): Readonly<Record<string, string>> => ({
  refuse: t`It refuses connections`,
  delay: t`It answers late`,
  hang: t`It never answers`,
  fail: t`It answers with an error`,
  stall: t`A node stops`,
  outOfMemory: t`Its memory is used up`,
  exception: t`A node fails`,
  kill: t`Its process ends`,
  silentSocket: t`Its sockets are mute`,
  zombieSocket: t`It forgets its sockets`,
  dropSocket: t`It cuts a socket`,
  badOutput: t`It saves a broken file`,
  slowDownload: t`It sends files slowly`,
  cutDownload: t`It cuts a download`,
  loseHistory: t`It forgets what ended`,
  deadWorker: t`It begins nothing`,
});
