import type { Raster } from "../painting/raster.ts";
import { type BitWriter, createBitWriter } from "./bits.ts";

export interface H264Stream {
  readonly sps: Buffer;
  readonly pps: Buffer;
  /** One access unit per frame, without start codes. */
  readonly frames: readonly Buffer[];
}

const blockSide = 16;
/** Constrained baseline, level 5.2: what every player takes, and larger than any frame here. */
const [profile, constraints, level] = [66, 0b1100_0000, 52];

/**
 * Frames as H.264 whose blocks are all uncompressed (I_PCM): large, exact, the same bytes every time, and within what
 * every decoder must understand. No encoder is needed for it.
 */
export function encodeH264(frames: readonly Raster[], width: number, height: number): H264Stream {
  return { sps: sequenceParameters(width, height), pps: pictureParameters(), frames: frames.map(encodeFrame) };
}

function sequenceParameters(width: number, height: number): Buffer {
  const [columns, rows] = [Math.ceil(width / blockSide), Math.ceil(height / blockSide)];
  const [right, bottom] = [(columns * blockSide - width) >> 1, (rows * blockSide - height) >> 1];
  const bits = createBitWriter();
  bits.put(profile, 8);
  bits.put(constraints, 8);
  bits.put(level, 8);
  bits.putGolomb(0); // seq_parameter_set_id
  bits.putGolomb(0); // log2_max_frame_num_minus4
  bits.putGolomb(2); // pic_order_cnt_type: shown in the order of decoding
  bits.putGolomb(1); // max_num_ref_frames
  bits.put(0, 1); // gaps_in_frame_num_value_allowed_flag
  bits.putGolomb(columns - 1);
  bits.putGolomb(rows - 1);
  bits.put(1, 1); // frame_mbs_only_flag
  bits.put(1, 1); // direct_8x8_inference_flag
  bits.put(1, 1); // frame_cropping_flag
  for (const units of [0, right, 0, bottom]) bits.putGolomb(units);
  bits.put(0, 1); // vui_parameters_present_flag
  return nalUnit(0x67, ended(bits));
}

function pictureParameters(): Buffer {
  const bits = createBitWriter();
  bits.putGolomb(0); // pic_parameter_set_id
  bits.putGolomb(0); // seq_parameter_set_id
  bits.put(0, 2); // CAVLC, no field order
  bits.putGolomb(0); // num_slice_groups_minus1
  bits.putGolomb(0); // num_ref_idx_l0_default_active_minus1
  bits.putGolomb(0); // num_ref_idx_l1_default_active_minus1
  bits.put(0, 3); // weighted_pred_flag, weighted_bipred_idc
  bits.putGolomb(0); // pic_init_qp_minus26
  bits.putGolomb(0); // pic_init_qs_minus26
  bits.putGolomb(0); // chroma_qp_index_offset
  bits.put(0b100, 3); // deblocking_filter_control_present_flag
  return nalUnit(0x68, ended(bits));
}

function encodeFrame(frame: Raster, index: number): Buffer {
  const head = createBitWriter();
  head.putGolomb(0); // first_mb_in_slice
  head.putGolomb(7); // slice_type: I
  head.putGolomb(0); // pic_parameter_set_id
  head.put(0, 4); // frame_num
  head.putGolomb(index % 2); // idr_pic_id: neighbours must differ
  head.put(0, 2); // dec_ref_pic_marking
  head.putGolomb(0); // slice_qp_delta
  head.putGolomb(1); // disable_deblocking_filter_idc
  const parts: Buffer[] = [];
  for (let top = 0; top < frame.height; top += blockSide) {
    for (let left = 0; left < frame.width; left += blockSide) {
      const type = parts.length === 0 ? head : createBitWriter();
      type.putGolomb(25); // mb_type: I_PCM
      type.align();
      parts.push(type.bytes(), blockOf(frame, left, top));
    }
  }
  return nalUnit(0x65, Buffer.concat([...parts, Buffer.from([0x80])]));
}

/** 16 × 16 luma and two 8 × 8 chroma samples, BT.601 in the limited range; beyond the edge the last pixel repeats. */
function blockOf(frame: Raster, left: number, top: number): Buffer {
  const block = Buffer.alloc(384);
  const colour = (x: number, y: number): [number, number, number] => {
    const at = (Math.min(top + y, frame.height - 1) * frame.width + Math.min(left + x, frame.width - 1)) * 3;
    return [frame.data[at] ?? 0, frame.data[at + 1] ?? 0, frame.data[at + 2] ?? 0];
  };
  for (let y = 0; y < blockSide; y += 1) {
    for (let x = 0; x < blockSide; x += 1) {
      const [red, green, blue] = colour(x, y);
      block[y * blockSide + x] = Math.round(16 + 0.257 * red + 0.504 * green + 0.098 * blue);
      if (x % 2 !== 0 || y % 2 !== 0) continue;
      const chroma = 256 + (y / 2) * 8 + x / 2;
      block[chroma] = Math.round(128 - 0.148 * red - 0.291 * green + 0.439 * blue);
      block[chroma + 64] = Math.round(128 + 0.439 * red - 0.368 * green - 0.071 * blue);
    }
  }
  return block;
}

function ended(bits: BitWriter): Buffer {
  bits.put(1, 1);
  bits.align();
  return bits.bytes();
}

/** Two zeros and a byte up to 3 would look like a start code: a 3 comes between. */
function nalUnit(header: number, payload: Buffer): Buffer {
  const parts: Buffer[] = [Buffer.from([header])];
  let from = 0;
  let zeros = 0;
  for (let at = 0; at < payload.length; at += 1) {
    const byte = payload[at] ?? 0;
    if (zeros >= 2 && byte <= 3) {
      parts.push(payload.subarray(from, at), Buffer.from([3]));
      from = at;
      zeros = 0;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return Buffer.concat([...parts, payload.subarray(from)]);
}
