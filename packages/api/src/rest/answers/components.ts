import { errorCodes, imageInputSchema } from "@darkroom/contracts";
import { z } from "zod";

// What REST answers, as schemas. The table of operations compares each with its procedure's type, both ways, so that neither
// can change alone. Procedures do not check their answers against these: that would cost every call for what the types say.

/** The schemas that have a name in the document. */
export const components = z.registry<{ id: string }>();

/** Gives a schema its name in the document. */
export function named<Schema extends z.ZodType>(id: string, schema: Schema): Schema {
  components.add(schema, { id });
  return schema;
}

/** ISO 8601. */
export const time = z.iso.datetime({ offset: true });

/** A page of a list, named `id` in the document. */
export const pageOf = <Item extends z.ZodType>(id: string, item: Item) =>
  named(id, z.object({ items: z.array(item), nextCursor: z.string().nullable() }));

/** The one shape of every refusal. */
export const errorAnswer = named(
  "Error",
  z.object({
    error: z.object({
      code: z.enum(errorCodes),
      message: z.string(),
      fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
      retryAfterSeconds: z.number().optional(),
      requestId: z.string(),
    }),
  }),
);

/** What a parameter is set to. */
export const inputValue = z.union([z.string(), z.number(), z.boolean(), imageInputSchema]);
/** Null: not known, or not yet. */
export const seconds = z.number().nullable();
export const secondsRange = z.tuple([z.number(), z.number()]).nullable();
export const workflowRef = z.object({
  workflowId: z.string(),
  slug: z.string(),
  name: z.string(),
  version: z.int(),
});
