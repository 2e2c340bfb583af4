"use client";

import type { Output } from "@darkroom/contracts";
import { useEffect, useRef } from "react";

/** A wave form takes the whole sound, decoded: 10 MB of MP3 are 100 MB of numbers. Longer ones are played without. */
const MAX_DRAWN_BYTES = 10 * 1024 * 1024;

/** A sound to play, with its wave form above the player: a click in it goes there. */
export function Sound({ output, label }: { output: Output; label: string }) {
  const audio = useRef<HTMLAudioElement>(null);
  const wave = useRef<HTMLDivElement>(null);
  const isDrawn = output.sizeBytes <= MAX_DRAWN_BYTES;
  useEffect(() => {
    if (!isDrawn) return;
    let isGone = false;
    let end: () => void = () => undefined;
    void draw(wave, audio, output.url, () => isGone).then((destroy) => {
      if (isGone) destroy();
      else end = destroy;
    });
    return () => {
      isGone = true;
      end();
    };
  }, [isDrawn, output.url]);
  return (
    <div className="flex w-full max-w-md flex-col gap-3 p-4">
      {isDrawn && <div ref={wave} aria-hidden className="h-16 w-full animate-develop" />}
      {/* biome-ignore lint/a11y/useMediaCaption: nobody can caption what was just made up */}
      <audio ref={audio} src={output.url} aria-label={label} controls preload="metadata" className="w-full" />
    </div>
  );
}

type Ref<Element> = { readonly current: Element | null };

/** Draws the wave form, and answers with what takes it away again. The player works whether or not it can be drawn. */
async function draw(
  wave: Ref<HTMLElement>,
  audio: Ref<HTMLAudioElement>,
  url: string,
  isGone: () => boolean,
): Promise<() => void> {
  const nothing = (): void => undefined;
  try {
    const [{ default: WaveSurfer }, answer] = await Promise.all([import("wavesurfer.js"), fetch(url)]);
    const context = new OfflineAudioContext(1, 1, 44_100);
    const sound = await context.decodeAudioData(await answer.arrayBuffer());
    if (isGone() || wave.current === null || audio.current === null) return nothing;
    const style = getComputedStyle(wave.current);
    const surfer = WaveSurfer.create({
      container: wave.current,
      media: audio.current,
      // Given the numbers, it does not fetch the sound for itself.
      peaks: [sound.getChannelData(0)],
      duration: sound.duration,
      height: 64,
      ...{ barWidth: 2, barGap: 2, barRadius: 2, cursorWidth: 1 },
      waveColor: style.getPropertyValue("--edge"),
      progressColor: style.getPropertyValue("--safelight-strong"),
      cursorColor: style.getPropertyValue("--ink"),
    });
    return () => surfer.destroy();
  } catch {
    return nothing;
  }
}
