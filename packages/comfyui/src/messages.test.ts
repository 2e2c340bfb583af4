import { describe, expect, it } from "vitest";
import { decodeBinaryFrame, decodeTextFrame } from "./messages.ts";
import { filesOfRun } from "./outputs.ts";
import { parseTolerantJson } from "./tolerant-json.ts";

function frame(...parts: (number | string)[]): Buffer {
  const encoded = parts.map((part) => {
    if (typeof part === "string") return Buffer.from(part);
    const word = Buffer.alloc(4);
    word.writeUInt32BE(part);
    return word;
  });
  return Buffer.concat(encoded);
}

describe("binary frames", () => {
  it("of the old layout name no prompt", () => {
    expect(decodeBinaryFrame(frame(1, 2, "png"))).toEqual({
      type: "preview",
      promptId: null,
      nodeId: null,
      mimeType: "image/png",
      image: Buffer.from("png"),
    });
  });

  it("with metadata name prompt and node", () => {
    const metadata = JSON.stringify({ node_id: "2.0", display_node_id: "2", prompt_id: "p", image_type: "image/jpeg" });
    expect(decodeBinaryFrame(frame(4, Buffer.byteLength(metadata), metadata, "jpg"))).toMatchObject({
      promptId: "p",
      nodeId: "2",
      image: Buffer.from("jpg"),
    });
  });

  it("carry a node's text in UTF-8", () => {
    expect(decodeBinaryFrame(frame(3, 1, "7", "é世"))).toEqual({ type: "node-text", nodeId: "7", text: "é世" });
  });

  it.each([[frame(9, 0, "x")], [frame(4, 99, "{}")], [Buffer.from([0, 0])], [frame(4, 3, "{x}")]])(
    "that make no sense are ignored (%#)",
    (bytes) => {
      expect(decodeBinaryFrame(bytes)).toBeNull();
    },
  );
});

describe("text frames", () => {
  it.each(["", "[]", "null", '{"type":"crystools.monitor","data":{}}', '{"type":"progress","data":{}}', "{"])(
    "that make no sense are ignored: %s",
    (text) => {
      expect(decodeTextFrame(text)).toBeNull();
    },
  );

  it("leave a NaN inside a string alone", () => {
    expect(parseTolerantJson('{"a": NaN, "b": "NaN \\" Infinity", "c": [-Infinity]}')).toEqual({
      a: null,
      b: 'NaN " Infinity',
      c: [null],
    });
  });
});

describe("outputs", () => {
  it("are files wherever a node puts them, of a kind told by their extension", () => {
    const files = filesOfRun({
      "1": { images: [{ filename: "v_00001_.mp4", subfolder: "video", type: "output" }], animated: [true] },
      "2": { images: [{ filename: "a.webp", subfolder: "", type: "output" }], animated: [true] },
      "3": { text: ["own ui"], nested: [{ a: 1 }], audio: [{ filename: "a.flac", subfolder: "audio", type: "temp" }] },
      "4": { images: [{ filename: "a.webp", subfolder: "", type: "output" }] },
    });
    expect(files.map(({ nodeId, kind, type }) => [nodeId, kind, type])).toEqual([
      ["1", "video", "output"],
      ["2", "animation", "output"],
      ["3", "audio", "temp"],
    ]);
  });
});
