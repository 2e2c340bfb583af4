/** Seconds until a waiting job ends: its turn times what a job takes, spread over the slots that are there. */
export function estimateWait({
  position,
  medianSeconds,
  slots,
}: {
  position: number | null;
  medianSeconds: number | null;
  slots: number;
}): number | null {
  if (position === null || medianSeconds === null || slots < 1) return null;
  return Math.max(1, Math.round(((position + 1) * medianSeconds) / Math.min(slots, position + 1)));
}
