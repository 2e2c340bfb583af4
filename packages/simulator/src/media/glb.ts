const corners = Array.from({ length: 8 }, (_, at) => [at & 1, (at >> 1) & 1, at >> 2]);
// Two triangles a side, each seen counter-clockwise from outside.
const triangles = [
  [0, 2, 3, 0, 3, 1],
  [4, 5, 7, 4, 7, 6],
  [0, 1, 5, 0, 5, 4],
  [2, 6, 7, 2, 7, 3],
  [0, 4, 6, 0, 6, 2],
  [1, 3, 7, 1, 7, 5],
].flat();

/** A cube as a binary glTF, with texts in its `asset.extras` as ComfyUI writes them there. */
export function encodeCube(extras: Readonly<Record<string, string>>): Buffer {
  const positions = Buffer.from(new Float32Array(corners.flat()).buffer);
  const indices = Buffer.from(new Uint16Array(triangles).buffer);
  const description = {
    asset: { version: "2.0", generator: "ComfyUI", extras },
    buffers: [{ byteLength: positions.length + indices.length }],
    bufferViews: [
      { buffer: 0, byteOffset: 0, byteLength: positions.length, target: 34962 },
      { buffer: 0, byteOffset: positions.length, byteLength: indices.length, target: 34963 },
    ],
    accessors: [
      { bufferView: 0, componentType: 5126, count: corners.length, type: "VEC3", min: [0, 0, 0], max: [1, 1, 1] },
      { bufferView: 1, componentType: 5123, count: triangles.length, type: "SCALAR" },
    ],
    meshes: [{ primitives: [{ attributes: { POSITION: 0 }, indices: 1 }] }],
    nodes: [{ mesh: 0 }],
    scenes: [{ nodes: [0] }],
    scene: 0,
  };
  const text = Buffer.from(JSON.stringify(description));
  const chunks = [
    chunk("JSON", Buffer.concat([text, Buffer.alloc(-text.length & 3, " ")])),
    chunk("BIN\0", Buffer.concat([positions, indices])),
  ];
  const head = Buffer.from("glTF\x02\0\0\0\0\0\0\0", "latin1");
  const file = Buffer.concat([head, ...chunks]);
  file.writeUInt32LE(file.length, 8);
  return file;
}

function chunk(type: string, bytes: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(bytes.length, 0);
  head.write(type, 4, "latin1");
  return Buffer.concat([head, bytes]);
}
