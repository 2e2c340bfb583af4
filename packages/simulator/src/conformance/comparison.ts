import { type Names, normaliseBody } from "./normalise.ts";
import type { RecordedAnswer } from "./recording.ts";

/** An answer as both sides are compared by it. */
export interface ComparedAnswer {
  readonly request: string;
  /** Null: nobody answered. */
  readonly status: number | null;
  readonly contentType: string | null;
  readonly body: unknown;
}

/** Nobody answered. */
export function unanswered(request: string): ComparedAnswer {
  return { request, status: null, contentType: null, body: null };
}

type Body = Pick<RecordedAnswer, "body" | "bodyMagic">;

/** The status alone. */
export function statusOf(request: string, status: number): ComparedAnswer {
  return { ...unanswered(request), status };
}

/** What a machine says of itself: the names, not the values. */
export function shapeOf(
  request: string,
  status: number,
  contentType: string | undefined,
  { body }: Body,
): ComparedAnswer {
  const shape = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.some((item) => typeof item === "object") ? value.map(shape) : ["…"];
    if (typeof value !== "object" || value === null) return typeof value;
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, shape(entry)]));
  };
  // A refusal has no body.
  return { request, status, contentType: contentType?.split(";")[0] ?? null, body: shape(JSON.parse(body || "null")) };
}

/** All of an answer that does not differ from one server, or one second, to the next. */
export function compared(
  request: string,
  status: number,
  contentType: string | undefined,
  { body, bodyMagic }: Body,
  names: Names,
): ComparedAnswer {
  const mime = contentType?.split(";")[0] ?? null;
  const isJson = mime === "application/json" && body !== null && body !== undefined && body !== "";
  const isPicture = mime?.startsWith("image/") === true;
  const isMedia = /^(video|audio|text)\//.test(mime ?? "") && status < 300;
  return {
    request,
    status,
    // aiohttp names a type even for an empty body; that says nothing.
    contentType: isJson || isPicture || isMedia ? mime : null,
    body: isJson
      ? normaliseBody(body, names)
      : isPicture
        ? pictureOf(bodyMagic ?? "")
        : isMedia
          ? null
          : (body ?? "") || null,
  };
}

export function isText(contentType: string | undefined): boolean {
  return contentType?.startsWith("application/json") === true || contentType?.startsWith("text/") === true;
}

/** A JPEG may begin with one segment or another. */
function pictureOf(magic: string): string {
  return magic.startsWith("ff d8") ? "jpeg" : magic.slice(0, 11);
}
