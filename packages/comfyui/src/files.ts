import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { z } from "zod";
import { ComfyProtocolError, TransferBroken } from "./errors.ts";
import type { HttpConnection, StreamBody } from "./http/http-connection.ts";
import type { ComfyTimeouts } from "./http/timeouts.ts";
import type { ComfyFile } from "./outputs.ts";

export interface UploadInput {
  /** A plain file name; folders go into `subfolder`. */
  readonly name: string;
  readonly data: Buffer | StreamBody;
  readonly subfolder?: string;
}

export interface UploadedFile {
  readonly name: string;
  readonly subfolder: string;
  readonly type: string;
  /** What a LoadImage node takes as its `image`. */
  readonly reference: string;
}

export interface ViewedFile {
  readonly body: ReadableStream<Uint8Array>;
  readonly contentType: string;
  readonly sizeBytes: number | null;
}

type ViewTarget = Pick<ComfyFile, "filename" | "subfolder" | "type">;

/** The calls about files. */
export interface Files {
  /**
   * Never writes over a file, which a prompt may be reading: ComfyUI writes in place. A file with the same content is left as it is,
   * and one with another content leaves the new file another name, so use the one that is answered.
   */
  uploadImage(input: UploadInput): Promise<UploadedFile>;
  /** The most bytes of a request that the server takes; null if it is too old to say. */
  maxUploadBytes(): Promise<number | null>;
  /**
   * Throws ComfyProtocolError with `status` 404 if the file is gone. A body that breaks off goes on by itself; it fails
   * with TransferBroken if that happens again and again, and with ComfyUnreachable if the server is gone.
   */
  view(file: ViewTarget): Promise<ViewedFile>;
}

/** A file that breaks off this often in one transfer is not to be had. */
const maxBreaks = 4;

const featuresSchema = z.looseObject({ max_upload_size: z.number() });
const uploadedSchema = z.looseObject({ name: z.string(), subfolder: z.string(), type: z.string() });

export function createFiles(http: HttpConnection, timeouts: ComfyTimeouts): Files {
  return {
    async uploadImage({ name, data, subfolder = "" }) {
      const boundary = `----darkroom${randomBytes(12).toString("hex")}`;
      const fields = { type: "input", subfolder };
      const raw = await http.json({
        method: "POST",
        path: "/upload/image",
        body: multipart(boundary, name, data, fields),
        contentType: `multipart/form-data; boundary=${boundary}`,
        timeoutMs: timeouts.transferMs,
      });
      const parsed = uploadedSchema.safeParse(raw);
      if (!parsed.success) throw new ComfyProtocolError("POST /upload/image answered something unknown", 200);
      const uploaded = parsed.data;
      const reference = uploaded.subfolder === "" ? uploaded.name : `${uploaded.subfolder}/${uploaded.name}`;
      return { name: uploaded.name, subfolder: uploaded.subfolder, type: uploaded.type, reference };
    },

    async maxUploadBytes() {
      try {
        const features = await http.json({ method: "GET", path: "/features", timeoutMs: timeouts.statusMs });
        return featuresSchema.safeParse(features).data?.max_upload_size ?? null;
      } catch (error) {
        if (error instanceof ComfyProtocolError) return null;
        throw error;
      }
    },

    async view(file) {
      const incoming = await openView(file, 0);
      const length = incoming.headers["content-length"];
      const sizeBytes = length === undefined ? null : Number(length);
      return {
        body: Readable.toWeb(
          Readable.from(whole(file, incoming, sizeBytes), { objectMode: false }),
        ) as ReadableStream<Uint8Array>,
        contentType: incoming.headers["content-type"] ?? "application/octet-stream",
        sizeBytes,
      };
    },
  };

  async function openView({ filename, subfolder, type }: ViewTarget, from: number): Promise<IncomingMessage> {
    const path = `/view?${new URLSearchParams({ filename, subfolder, type })}`;
    const headers: Record<string, string> = from === 0 ? {} : { range: `bytes=${from}-` };
    const incoming = await http.open({ method: "GET", path, headers, timeoutMs: timeouts.transferMs });
    if (incoming.statusCode === (from === 0 ? 200 : 206)) return incoming;
    incoming.resume();
    throw new ComfyProtocolError(`GET /view of ${filename} answered ${incoming.statusCode}`, incoming.statusCode);
  }

  /** The file's bytes; what breaks off on its way is asked for again from there on. */
  async function* whole(
    file: ViewTarget,
    first: IncomingMessage,
    sizeBytes: number | null,
  ): AsyncGenerator<Uint8Array> {
    let incoming = first;
    let received = 0;
    for (let breaks = 1; ; breaks += 1) {
      try {
        for await (const chunk of incoming) {
          received += chunk.length;
          yield chunk;
        }
        return;
      } catch (error) {
        if (breaks === maxBreaks) throw new TransferBroken(file.filename, received, sizeBytes, { cause: error });
      }
      incoming = await openView(file, received);
    }
  }
}

/** By hand, because FormData over node:http would need a second HTTP stack with its own connections. */
function multipart(
  boundary: string,
  name: string,
  data: UploadInput["data"],
  fields: Readonly<Record<string, string>>,
): StreamBody {
  const quoted = name.replace(/["\r\n]/g, "_");
  const parts = Object.entries(fields)
    .filter(([, value]) => value !== "")
    .map(([key, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${key}"\r\n\r\n${value}\r\n`);
  const file = `--${boundary}\r\nContent-Disposition: form-data; name="image"; filename="${quoted}"\r\nContent-Type: application/octet-stream\r\n\r\n`;
  const head = Buffer.from([...parts, file].join(""));
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  async function* stream(): AsyncGenerator<Uint8Array> {
    yield head;
    if (Buffer.isBuffer(data)) yield data;
    else yield* data.stream;
    yield tail;
  }
  const sizeBytes = Buffer.isBuffer(data) ? data.length : data.sizeBytes;
  return { stream: stream(), sizeBytes: head.length + sizeBytes + tail.length };
}
