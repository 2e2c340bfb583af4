import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { buffer as readBuffer } from "node:stream/consumers";
import type { ReadableStream } from "node:stream/web";
import { z } from "zod";
import { ComfyProtocolError, TransferBroken } from "./errors.ts";
import type { HttpConnection } from "./http/http-connection.ts";
import type { ComfyTimeouts } from "./http/timeouts.ts";
import type { ComfyFile } from "./outputs.ts";

export interface UploadInput {
  /** A plain file name; folders go into `subfolder`. */
  readonly name: string;
  readonly data: Buffer | Readable;
  readonly subfolder?: string;
  readonly overwrite?: boolean;
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

/** The calls about files. */
export interface Files {
  uploadImage(input: UploadInput): Promise<UploadedFile>;
  /**
   * Throws ComfyProtocolError with `status` 404 if the file is gone. The body fails with TransferBroken if it does not come
   * whole: then it can be asked for again.
   */
  view(file: Pick<ComfyFile, "filename" | "subfolder" | "type">): Promise<ViewedFile>;
}

const uploadedSchema = z.looseObject({ name: z.string(), subfolder: z.string(), type: z.string() });

export function createFiles(http: HttpConnection, timeouts: ComfyTimeouts): Files {
  return {
    async uploadImage({ name, data, subfolder = "", overwrite = false }) {
      const bytes = Buffer.isBuffer(data) ? data : await readBuffer(data);
      const boundary = `----darkroom${randomBytes(12).toString("hex")}`;
      const fields = { type: "input", subfolder, overwrite: overwrite ? "true" : "" };
      const raw = await http.json({
        method: "POST",
        path: "/upload/image",
        body: multipart(boundary, name, bytes, fields),
        contentType: `multipart/form-data; boundary=${boundary}`,
        timeoutMs: timeouts.transferMs,
      });
      const parsed = uploadedSchema.safeParse(raw);
      if (!parsed.success) throw new ComfyProtocolError("POST /upload/image answered something unknown", 200);
      const uploaded = parsed.data;
      const reference = uploaded.subfolder === "" ? uploaded.name : `${uploaded.subfolder}/${uploaded.name}`;
      return { name: uploaded.name, subfolder: uploaded.subfolder, type: uploaded.type, reference };
    },

    async view({ filename, subfolder, type }) {
      const path = `/view?${new URLSearchParams({ filename, subfolder, type })}`;
      const incoming = await http.open({ method: "GET", path, timeoutMs: timeouts.transferMs });
      if (incoming.statusCode !== 200) {
        incoming.resume();
        throw new ComfyProtocolError(`GET /view of ${filename} answered ${incoming.statusCode}`, incoming.statusCode);
      }
      const length = incoming.headers["content-length"];
      const sizeBytes = length === undefined ? null : Number(length);
      return {
        body: Readable.toWeb(
          Readable.from(whole(incoming, filename, sizeBytes), { objectMode: false }),
        ) as ReadableStream<Uint8Array>,
        contentType: incoming.headers["content-type"] ?? "application/octet-stream",
        sizeBytes,
      };
    },
  };
}

/** The bytes of an answer; fails if fewer come than were promised, however the connection ends. */
async function* whole(
  incoming: IncomingMessage,
  filename: string,
  sizeBytes: number | null,
): AsyncGenerator<Uint8Array> {
  let received = 0;
  try {
    for await (const chunk of incoming) {
      received += chunk.length;
      yield chunk;
    }
  } catch (error) {
    throw new TransferBroken(filename, received, sizeBytes, { cause: error });
  }
}

/** By hand, because FormData over node:http would need a second HTTP stack with its own connections. */
function multipart(boundary: string, name: string, bytes: Buffer, fields: Readonly<Record<string, string>>): Buffer {
  const quoted = name.replace(/["\r\n]/g, "_");
  const parts: Buffer[] = Object.entries(fields)
    .filter(([, value]) => value !== "")
    .map(([key, value]) =>
      Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${key}"\r\n\r\n${value}\r\n`),
    );
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="image"; filename="${quoted}"\r\nContent-Type: application/octet-stream\r\n\r\n`;
  return Buffer.concat([...parts, Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]);
}
