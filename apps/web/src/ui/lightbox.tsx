"use client";

import { Download, ExternalLink, X } from "lucide-react";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef, useState } from "react";
import { buttonClasses, IconButton } from "./button.tsx";

export interface LightboxPicture {
  readonly url: string;
  readonly alt: string;
  readonly width: number | null;
  readonly height: number | null;
  /** The link that saves it. */
  readonly download: { readonly href: string; readonly download: string };
  /** One line below the picture. */
  readonly caption: string;
  /** The job's page. */
  readonly detailsUrl?: string;
}

const LightboxContext = createContext<(picture: LightboxPicture) => void>(() => {});

/** Opens a picture at its full size. */
export function useLightbox(): (picture: LightboxPicture) => void {
  return useContext(LightboxContext);
}

/** One dialog for all pictures of the page. The native element brings the focus trap, Escape and the backdrop. */
export function LightboxProvider({ children }: { children: ReactNode }) {
  const [picture, setPicture] = useState<LightboxPicture | null>(null);
  const dialog = useRef<HTMLDialogElement>(null);
  const open = useCallback((next: LightboxPicture) => setPicture(next), []);
  const close = (): void => dialog.current?.close();

  useEffect(() => {
    if (picture !== null && dialog.current?.open === false) dialog.current.showModal();
  }, [picture]);

  return (
    <LightboxContext value={open}>
      {children}
      <dialog
        ref={dialog}
        aria-label="Picture"
        onClose={() => setPicture(null)}
        onClick={(event) => event.target === dialog.current && close()}
        onKeyDown={() => {}}
        className="m-0 h-dvh max-h-none w-dvw max-w-none bg-[rgb(8_6_5/0.985)] p-0 text-[#f4ece5] backdrop:bg-transparent open:animate-rise"
      >
        {picture !== null && (
          <div className="pointer-events-none flex h-full flex-col">
            <div className="flex items-center pointer-events-auto justify-end gap-1 p-3">
              {picture.detailsUrl !== undefined && (
                <a
                  href={picture.detailsUrl}
                  className={`${buttonClasses({ look: "quiet", size: "small" })} text-[#cfc0b4]! hover:bg-white/10! hover:text-white!`}
                >
                  <ExternalLink aria-hidden className="size-4" /> Details
                </a>
              )}
              <a
                {...picture.download}
                className={`${buttonClasses({ look: "quiet", size: "small" })} text-[#cfc0b4]! hover:bg-white/10! hover:text-white!`}
              >
                <Download aria-hidden className="size-4" /> Download
              </a>
              <IconButton
                label="Close"
                onClick={close}
                className="text-[#cfc0b4]! hover:bg-white/10! hover:text-white!"
              >
                <X aria-hidden className="size-5" />
              </IconButton>
            </div>
            <div className="pointer-events-none grid min-h-0 flex-1 place-items-center px-4">
              {/* biome-ignore lint/performance/noImgElement: our own origin serves the sizes we store */}
              <img
                src={picture.url}
                alt={picture.alt}
                width={picture.width ?? undefined}
                height={picture.height ?? undefined}
                className="pointer-events-auto max-h-full min-h-0 w-auto max-w-full rounded-sm object-contain shadow-2xl"
              />
            </div>
            <p className="mx-auto max-w-3xl px-6 py-4 text-center text-sm text-[#cfc0b4]">{picture.caption}</p>
          </div>
        )}
      </dialog>
    </LightboxContext>
  );
}
