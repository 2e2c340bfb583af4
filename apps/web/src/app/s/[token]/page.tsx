import { shareUrl } from "@darkroom/contracts";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { SharedPage } from "../../../features/gallery/shared-page.tsx";
import { t } from "../../../language/say.ts";
import { pageRequest } from "../../../page-request.ts";
import type { SharedPicture } from "../../../trpc/hooks/use-gallery.ts";

interface PageProps {
  readonly params: Promise<{ readonly token: string }>;
}

/** Asked once for the page and its head. Undefined: it could not be asked now, and the browser tries. */
const askShared = cache(async (token: string): Promise<SharedPicture | undefined> => {
  try {
    return (await pageRequest.getStore()?.ask?.("gallery.byToken", { token })) as SharedPicture | undefined;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "NOT_FOUND") notFound();
    return undefined;
  }
});

/** What other sites show of a link to it: the picture, and as much of it as its owner tells. */
export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { token } = await params;
  const picture = await askShared(token);
  const title = picture?.prompt?.slice(0, 80) ?? t`A picture`;
  const description = picture?.by == null ? t`Made with Darkroom.` : t`Made by ${picture.by} with Darkroom.`;
  const { origin } = pageRequest.getStore() ?? {};
  const url = `${shareUrl(token)}?width=1536&format=jpeg`;
  const size = picture === undefined ? {} : { width: picture.width ?? undefined, height: picture.height ?? undefined };
  const images = [{ url, type: "image/jpeg", alt: title, ...size }];
  return {
    title,
    description,
    ...(origin !== undefined && { metadataBase: new URL(origin) }),
    openGraph: { type: "article", siteName: "Darkroom", title, description, url: `/s/${token}`, images },
    twitter: { card: "summary_large_image", title, description, images: [url] },
    // Whoever has the address may see it; only what is published is for everybody to find.
    robots: { index: picture?.publishedAt != null },
  };
}

export default async function SharedPicturePage({ params }: PageProps) {
  const { token } = await params;
  return <SharedPage key={token} token={token} first={await askShared(token)} />;
}
