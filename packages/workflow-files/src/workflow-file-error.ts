/**
 * Why a file gives no workflow: it is of no kind that is read, it carries nothing, it breaks the rules of its kind, it exceeds
 * one of our bounds, or the system gave none of its bytes.
 */
export type FileFault = "UNKNOWN_KIND" | "NO_WORKFLOW" | "DAMAGED" | "TOO_LARGE" | "UNREADABLE";

const whatToDo: Record<FileFault, string> = {
  UNKNOWN_KIND:
    "Drop a JSON, PNG, WebP, JPEG, AVIF, JXL, TIFF, GIF, MP4, MOV, WebM, MKV, AVI, FLAC, Ogg, Opus, MP3, WAV, GLB, SVG, EXR, latent or safetensors file, or paste the workflow's JSON.",
  NO_WORKFLOW:
    "ComfyUI writes the workflow into what it saves, but editing, converting or sending a file through a messenger removes it. Drop the original file, or the JSON that ComfyUI exports.",
  DAMAGED: "The file is damaged or not complete. Copy or download it again, or use the JSON that ComfyUI exports.",
  TOO_LARGE: "Use the JSON that ComfyUI exports instead.",
  UNREADABLE: "If it was moved, changed or deleted since you chose it, choose it again.",
};

/** The only error that reading a file ends with. Its message names the kind of file, the place in it, the rule and what to do. */
export class WorkflowFileError extends Error {
  override readonly name = "WorkflowFileError";
  readonly fault: FileFault;
  /** `PNG`, `MP4`, … or `file` if the kind is not known. */
  readonly kind: string;
  /** Where in the file, as `chunk tEXt at byte 33`. */
  readonly place: string;
  /** What does not hold there, as a clause. */
  readonly rule: string;

  constructor(fault: FileFault, where: { kind: string; place: string }, rule: string) {
    super(`${where.kind}, ${where.place}: ${rule}. ${whatToDo[fault]}`);
    this.fault = fault;
    this.kind = where.kind;
    this.place = where.place;
    this.rule = rule;
  }
}
