import * as z from "zod";

/** An id in any case, parsed to its canonical lower case. Apart from `ids.ts`, which pages import, because zod is heavy. */
export const idSchema = z.uuid().transform((id) => id.toLowerCase());
