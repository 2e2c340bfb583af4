import type { Metadata } from "next";
import { Gallery } from "../../features/gallery/gallery.tsx";
import { t } from "../../language/say.ts";
import { firstPage } from "../../trpc/first-queries.ts";
import { FirstContent } from "../first-content.tsx";

export const generateMetadata = (): Metadata => ({
  title: t`Gallery`,
  description: t`Pictures that people made here and chose to show.`,
});

export default function GalleryPage() {
  return (
    <div data-wide className="space-y-6">
      <header>
        <h1 className="font-display text-4xl">{t`Gallery`}</h1>
        <p className="text-muted">{t`What people made here and chose to show.`}</p>
      </header>
      <FirstContent queries={[firstPage("gallery.list", { limit: 40 })]}>
        <Gallery />
      </FirstContent>
    </div>
  );
}
