import { browserStorage } from "./browser-storage.ts";

const KEY = "darkroom.keys";

/** Whether letters that are pressed alone do something: who speaks to their device, or often hits a key beside, may not want it. */
export const hasSingleKeys = (): boolean => browserStorage().getItem(KEY) !== "off";

export function setSingleKeys(isOn: boolean): void {
  if (isOn) browserStorage().removeItem(KEY);
  else browserStorage().setItem(KEY, "off");
}
