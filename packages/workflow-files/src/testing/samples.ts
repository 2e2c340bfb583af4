import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as write from "./writers.ts";

const folder = join(import.meta.dirname, "samples");

export interface Sample {
  readonly name: string;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** Files that real ComfyUI servers saved (0.3.64 and 0.33.0), by small graphs made for it; the sounds are cut off after some kilobytes. */
export const savedFiles: readonly Sample[] = readdirSync(folder)
  .filter((name) => !["graphs.json", "README.md"].includes(name))
  .map((name) => ({ name, data: new Uint8Array(readFileSync(join(folder, name))) }));

/** The graphs that were sent to the servers, by the name of the file that came of each. */
export const sentGraphs: Readonly<Record<string, unknown>> = JSON.parse(
  readFileSync(join(folder, "graphs.json"), "utf8"),
);

/** Files of the kinds and variants that no server of ours saved. */
export function writtenFiles(): Sample[] {
  const { graph, asciiGraph, editorGraph, bytes, utf8 } = write;
  const tags = { prompt: graph, workflow: editorGraph };
  const exif = write.tiff([
    [0x010f, `workflow:${editorGraph}`],
    [0x0110, `prompt:${asciiGraph}`],
  ]);
  const comments = write.vorbisComments(tags);
  const moov = write.box("moov", write.box("udta", write.mdtaMeta(tags)));
  const ftyp = write.box("ftyp", "isom");
  const utf16 = Buffer.from(`\uFEFF${graph}`, "utf16le");
  const comment = JSON.stringify({ prompt: graph, workflow: JSON.parse(editorGraph) });
  const cluster = write.element("1f43b675", "frames");
  const seek = (position: number): Uint8Array =>
    write.element(
      "114d9b74",
      write.element(
        "4dbb",
        write.element("53ab", [0x12, 0x54, 0xc3, 0x67]),
        write.element("53ac", write.u32(position)),
      ),
    );
  const files: Record<string, Uint8Array<ArrayBuffer>> = {
    "ztxt.png": write.png(write.pngChunk("zTXt", "prompt\0\0", write.deflate(bytes(asciiGraph)))),
    "itxt.png": write.png(write.pngChunk("iTXt", "prompt\0\0\0\0\0", utf8(graph))),
    "itxt-compressed.png": write.png(write.pngChunk("iTXt", "prompt\0\x01\0en\0\0", write.deflate(bytes(utf8(graph))))),
    "exif.webp": write.webp(bytes("Exif\0\0", exif)),
    "exif.jpg": write.jpeg([0xe0, "JFIF\0"], [0xe1, bytes("Exif\0\0", exif)]),
    "little-endian.jpg": write.jpeg([0xe1, bytes("Exif\0\0", write.tiff([[0x0110, `prompt:${asciiGraph}`]], true))]),
    "comment.jpg": write.jpeg([0xfe, utf8(comment)]),
    "exif.avif": write.avif(exif),
    "exif.jxl": write.jxl(write.box("Exif", write.u32(0), exif)),
    "compressed.jxl": write.jxl(write.brob("xml ", "<x/>"), write.brob("Exif", write.u32(0), exif)),
    "big.tiff": write.bigTiff([
      [0x010f, `workflow:${editorGraph}`],
      [0x0110, `prompt:${asciiGraph}`],
    ]),
    "big-little-endian.tiff": write.bigTiff([[0x010e, utf8(comment)]], true),
    "directory.tiff": bytes(exif),
    "description.tiff": bytes(write.tiff([[0x010e, utf8(comment)]], true)),
    "comment.gif": write.gif(utf8(comment)),
    "info-first.wav": write.riff(
      "WAVE",
      ["LIST", bytes("INFO", write.riffChunk("INAM", "Title"), write.riffChunk("ICMT", utf8(comment), [0]))],
      ["data", "sound"],
    ),
    "info-last.avi": write.riff(
      "AVI ",
      ["LIST", bytes("movi", "frames")],
      ["LIST", bytes("INFO", write.riffChunk("ISBJ", utf8(comment)))],
    ),
    "id3.wav": write.riff(
      "WAVE",
      ["data", "sound"],
      ["id3 ", write.id3(4, [["TXXX", bytes("\x03prompt\0", utf8(graph))]])],
    ),
    "moov-first.mp4": bytes(ftyp, moov, write.box("mdat", "frames")),
    "moov-last.mp4": bytes(ftyp, write.box("mdat", "frames"), moov),
    "long-mdat.mp4": bytes(ftyp, [0, 0, 0, 1], "mdat", write.u32(0), write.u32(22), "frames", moov),
    "comment.mp4": bytes(
      ftyp,
      write.box(
        "moov",
        write.box(
          "udta",
          write.box(
            "meta",
            write.u32(0),
            write.box("ilst", write.box("\xa9cmt", write.box("data", write.u32(1), write.u32(0), utf8(comment)))),
          ),
        ),
      ),
    ),
    "comment.mov": bytes(
      write.box("ftyp", "qt  "),
      write.box(
        "moov",
        write.box("udta", write.box("\xa9cmt", write.u16(utf8(comment).length), write.u16(0), utf8(comment))),
      ),
    ),
    "tags-first.webm": write.matroska(write.matroskaTags({ PROMPT: graph }), cluster),
    "tags-last.mkv": write.matroska(cluster, write.matroskaTags({ comment })),
    "tags-found.mkv": write.matroska(
      seek(seek(0).length + cluster.length),
      cluster,
      write.matroskaTags({ prompt: graph }),
    ),
    "comments.flac": write.flac(comments),
    "comments.opus": write.ogg([bytes("OpusHead", new Uint8Array(11)), bytes("OpusTags", comments)], 1),
    "comments.ogg": write.ogg([bytes("\x01vorbis", new Uint8Array(23)), bytes("\x03vorbis", comments)]),
    "flac-in.ogg": write.ogg([bytes("\x7fFLAC", new Uint8Array(46)), bytes([4, 0, 0, 0], comments)]),
    "v2.mp3": write.id3(2, [["TXX", bytes("\0prompt\0", asciiGraph)]]),
    "v3-utf16.mp3": write.id3(
      3,
      [["TXXX", bytes([1], Buffer.from("\uFEFFprompt\0", "utf16le"), Buffer.from(`\uFEFF${graph}`, "utf16le"))]],
      0x80,
    ),
    "v4.mp3": write.id3(4, [
      ["APIC", new Uint8Array(300)],
      ["TXXX", bytes("\x03prompt\0", utf8(graph), [0])],
    ]),
    "extras.glb": write.glb(JSON.stringify({ asset: { version: "2.0", extras: tags }, nodes: [{ mesh: 0 }] })),
    "extras.gltf": bytes(utf8(JSON.stringify({ asset: { version: "2.0", extras: tags }, nodes: [{ mesh: 0 }] }))),
    "cdata.svg": bytes(utf8(`<svg><metadata><![CDATA[{"prompt": ${graph}}]]></metadata></svg>`)),
    "entities.svg": bytes(
      utf8(
        `<?xml version="1.0"?><svg><metadata>${graph.replaceAll('"', "&quot;").replace("日", "&#x65e5;")}</metadata></svg>`,
      ),
    ),
    "header.latent": write.safetensors(JSON.stringify({ __metadata__: tags, latent_tensor: {} })),
    "one-part.exr": write.exr({ channels: "x", prompt: graph, workflow: editorGraph }),
    "two-parts.exr": write.exr({ channels: "x" }, { prompt: graph }),
    "utf-16.json": bytes(utf16),
    "big-endian-without-mark.json": bytes(Buffer.from(graph, "utf16le").swap16()),
    "mark.json": bytes(utf8(`\uFEFF \n${graph}`)),
  };
  return Object.entries(files).map(([name, data]) => ({ name, data }));
}
