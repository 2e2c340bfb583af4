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

  it.each([
    [frame(9, 0, "x"), "unknown"],
    [frame(4, 99, "{}"), "malformed"],
    [Buffer.from([0, 0]), "malformed"],
    [frame(4, 3, "{x}"), "malformed"],
  ])("that make no sense are named so (%#)", (bytes, fault) => {
    expect(decodeBinaryFrame(bytes)).toBe(fault);
  });
});

describe("frames of a hostile or broken server", () => {
  it("never throw, whatever bytes come", () => {
    let seed = 1;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return (seed >>> 8) % below;
    };
    const metadata = '{"node_id":"2","prompt_id":"p","image_type":"image/jpeg"}';
    const good = [
      frame(4, metadata.length, metadata, "jpg"),
      frame(3, 1, "7", "text"),
      Buffer.from('{"type":"progress","data":{"value":1,"max":4,"prompt_id":"p","node":"2"}}'),
      Buffer.from('{"type":"status","data":{"status":{"exec_info":{"queue_remaining":1}}}}'),
    ];
    for (let round = 0; round < 20_000; round += 1) {
      const bytes = Buffer.from(good[random(good.length)] ?? "");
      for (let change = random(4); change >= 0; change -= 1) bytes[random(bytes.length)] = random(256);
      const cut = bytes.subarray(0, random(bytes.length + 1));
      decodeBinaryFrame(cut);
      decodeTextFrame(cut.toString("utf8"));
    }
  });
});

describe("text frames", () => {
  it.each([
    ['{"type":"crystools.monitor","data":{}}', "unknown"],
    ['{"type":"progress","data":{}}', "malformed"],
    ["", "malformed"],
    ["[]", "malformed"],
    ["null", "malformed"],
    ["{", "malformed"],
  ])("that make no sense are named so: %s", (text, fault) => {
    expect(decodeTextFrame(text)).toBe(fault);
  });

  it("may be of many megabytes and still hold a bare NaN", () => {
    const text = `{"type":"executed","data":{"prompt_id":"p","node":"1","output":[NaN,"${"x".repeat(20_000_000)}"]}}`;
    expect(decodeTextFrame(text)).toMatchObject({ type: "executed" });
  });

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
