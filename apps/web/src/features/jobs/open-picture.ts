"use client";

import { createContext, useContext } from "react";

/** Opens one of the pictures of a list, by its output, at its full size. */
export type OpenPicture = (outputId: string) => void;

export const OpenPictureContext = createContext<OpenPicture | null>(null);

/** How the list around this component opens its pictures; null where there is none. */
export function useOpenPicture(): OpenPicture | null {
  return useContext(OpenPictureContext);
}
