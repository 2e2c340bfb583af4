import * as z from "zod";

/** The most characters that an event's name, and its data as JSON, may have. */
export const MAX_CUSTOM_TYPE = 64;
export const MAX_CUSTOM_DATA = 4096;

/** Marks, in the published document, what may get more kinds at any time: programs pass over those that they do not know. */
export const EXTENSIBLE = "x-extensible";

/** The name of an event that a service adds: `x.` and up to four parts, as in `x.shop.order-paid`. */
export type CustomEventType = `x.${string}`;

export const customEventTypeSchema = z
  .string()
  .max(MAX_CUSTOM_TYPE)
  .regex(/^x(\.[a-z0-9][a-z0-9_-]*){1,4}$/, {
    error: "must be x. and up to four parts of small letters, digits, - and _, like x.shop.order-paid",
    // Where other types are taken too, their rule is told beside this one.
    abort: true,
  }) as unknown as z.ZodType<CustomEventType, CustomEventType>;

/** What a service that is built on Darkroom adds to an owner's feed. Nothing of Darkroom acts on it. */
export const customEventSchema = z
  .object({
    type: customEventTypeSchema,
    /** Its publisher's or ours; one that is published again under the same id is told once. */
    eventId: z.string(),
    at: z.iso.datetime({ offset: true }),
    /** True: kept, numbered and told in order with the other events of the feed; false: the latest of its type wins. */
    durable: z.boolean(),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ [EXTENSIBLE]: true });
export type CustomEvent = z.infer<typeof customEventSchema>;
