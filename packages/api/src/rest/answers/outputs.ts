import { outputSchema, reportReasons, sharedFacts } from "@darkroom/contracts";
import { z } from "zod";
import { inputValue, named, pageOf, time } from "./components.ts";

const shareView = {
  url: z.string().nullable(),
  pageUrl: z.string().nullable(),
  facts: z.array(z.enum(sharedFacts)),
  isPublished: z.boolean(),
};

export const libraryOutput = named(
  "LibraryOutput",
  outputSchema.extend({
    createdAt: time,
    workflow: z.string(),
    prompt: z.string().nullable(),
    share: z.object(shareView).nullable(),
    hidden: z.object({ reason: z.string().nullable() }).nullable(),
  }),
);
export const outputPage = pageOf("OutputPage", libraryOutput);
export const shared = named("Shared", z.object({ outputId: z.string(), ...shareView }));
export const sharedPicture = named(
  "SharedPicture",
  z.object({
    token: z.string(),
    url: z.string(),
    pageUrl: z.string(),
    width: z.int().nullable(),
    height: z.int().nullable(),
    prompt: z.string().nullable(),
    seed: z.int().nullable(),
    settings: z
      .object({ workflow: z.object({ slug: z.string(), name: z.string() }), inputs: z.record(z.string(), inputValue) })
      .nullable(),
    by: z.string().nullable(),
    publishedAt: time.nullable(),
    isOwn: z.boolean(),
    moderation: z
      .object({
        outputId: z.string(),
        ownerId: z.string(),
        reports: z.int(),
        reasons: z.array(z.enum(reportReasons)),
        hiddenAt: time.nullable(),
        hiddenReason: z.string().nullable(),
      })
      .nullable(),
  }),
);
export const sharedPicturePage = pageOf("SharedPicturePage", sharedPicture);
export const reported = named("Reported", z.object({ reported: z.literal(true) }));
export const favorite = named("Favorite", z.object({ outputId: z.string(), favorite: z.boolean() }));
export const removedOutput = named("RemovedOutput", z.object({ outputId: z.string(), removed: z.literal(true) }));
