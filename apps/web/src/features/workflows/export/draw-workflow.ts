import { shorten } from "../../../format.ts";
import type { ExportedWorkflow } from "../../../trpc/hooks/workflows/use-workflow-edits.ts";

/** In the dark theme's colours on every page: the picture is a file, and the same for whoever it is given to. */
const colors = {
  ground: "#100d0b",
  node: "#181412",
  title: "#211b18",
  line: "#3a302a",
  ink: "#f4ece5",
  muted: "#b9aa9e",
  faint: "#94857a",
};

/** What a link carries, by the colours that ComfyUI's editor gives it, in our tones. */
const linkColors: Readonly<Record<string, string>> = {
  MODEL: "#b6a1e6",
  CLIP: "#f2c866",
  VAE: "#ff8a96",
  CONDITIONING: "#ff9a5c",
  LATENT: "#ee93c2",
  IMAGE: "#7db7ea",
  MASK: "#9cc79a",
  VIDEO: "#6fc9c1",
  AUDIO: "#c9d27a",
};

const TITLE = 30;
const ROW = 24;
const MARGIN = 70;
const HEADING = 110;
/** Enough to read every value of a usual workflow, and little enough for any device to draw. */
const LONGEST_SIDE = 2600;

type FileNode = ExportedWorkflow["workflow"]["nodes"][number];

/** Draws a workflow's nodes where its file places them, with their values, under its name. */
export function drawWorkflow(canvas: HTMLCanvasElement, { prompt, workflow }: ExportedWorkflow, name: string): void {
  const { nodes, links, extra } = workflow;
  const left = Math.min(...nodes.map(({ pos }) => pos[0])) - MARGIN;
  const top = Math.min(...nodes.map(({ pos }) => pos[1])) - TITLE - HEADING;
  const width = Math.max(...nodes.map(({ pos, size }) => pos[0] + size[0])) + MARGIN - left;
  const height = Math.max(...nodes.map(({ pos, size }) => pos[1] + size[1])) + MARGIN - top;
  const scale = Math.min(1.5, LONGEST_SIDE / Math.max(width, height));
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d");
  if (context === null) return;
  const fonts = getComputedStyle(document.body);
  const sans = fonts.fontFamily;
  const serif = fonts.getPropertyValue("--font-serif") || "serif";

  context.scale(scale, scale);
  paintGround(context, width, height);
  context.translate(-left, -top);
  context.textBaseline = "middle";
  context.fillStyle = colors.ink;
  context.font = `42px ${serif}`;
  context.fillText(name, left + MARGIN, top + 55, width - 2 * MARGIN);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  for (const [, from, output, to, input, type] of links) {
    const [source, target] = [byId.get(from), byId.get(to)];
    if (source !== undefined && target !== undefined) paintLink(context, [source, output], [target, input], type);
  }
  for (const node of nodes) {
    const inputs = prompt[extra.darkroom.ids[node.id] ?? String(node.id)]?.inputs ?? {};
    paintNode(context, node, inputs, sans);
  }
}

function paintGround(context: CanvasRenderingContext2D, width: number, height: number): void {
  context.fillStyle = colors.ground;
  context.fillRect(0, 0, width, height);
  const glow = context.createRadialGradient(width / 2, 0, 0, width / 2, 0, Math.max(width, height) * 0.7);
  glow.addColorStop(0, "rgb(255 90 40 / 0.2)");
  glow.addColorStop(1, "rgb(255 90 40 / 0)");
  context.fillStyle = glow;
  context.fillRect(0, 0, width, height);
}

function slotY({ pos }: FileNode, slot: number): number {
  return pos[1] + 16 + slot * ROW;
}

function paintLink(
  context: CanvasRenderingContext2D,
  [source, output]: readonly [FileNode, number],
  [target, input]: readonly [FileNode, number],
  type: string,
): void {
  const [x, y] = [source.pos[0] + source.size[0], slotY(source, output)];
  const [endX, endY] = [target.pos[0], slotY(target, input)];
  const bend = Math.max(40, Math.abs(endX - x) / 2);
  context.strokeStyle = linkColors[type] ?? colors.faint;
  context.lineWidth = 2.5;
  context.beginPath();
  context.moveTo(x, y);
  context.bezierCurveTo(x + bend, y, endX - bend, endY, endX, endY);
  context.stroke();
}

function paintNode(
  context: CanvasRenderingContext2D,
  node: FileNode,
  values: Readonly<Record<string, unknown>>,
  sans: string,
): void {
  const { pos, size, inputs, outputs, title, type } = node;
  const [x, y, width, height] = [...pos, ...size];
  context.save();
  context.beginPath();
  context.roundRect(x, y - TITLE, width, height + TITLE, 10);
  context.fillStyle = colors.node;
  context.fill();
  context.strokeStyle = colors.line;
  context.lineWidth = 1.5;
  context.stroke();
  context.clip();
  context.fillStyle = colors.title;
  context.fillRect(x, y - TITLE, width, TITLE);
  context.fillStyle = colors.ink;
  context.font = `600 14px ${sans}`;
  context.fillText(title ?? type, x + 12, y - TITLE / 2, width - 24);

  context.font = `13px ${sans}`;
  for (const [slot, input] of inputs.entries()) {
    paintSlot(context, x, slotY(node, slot), input.type);
    context.fillStyle = colors.muted;
    context.fillText(input.name, x + 14, slotY(node, slot), width / 2 - 18);
  }
  context.textAlign = "right";
  for (const [slot, output] of outputs.entries()) {
    paintSlot(context, x + width, slotY(node, slot), output.type);
    context.fillStyle = colors.muted;
    context.fillText(output.name, x + width - 14, slotY(node, slot), width / 2 - 18);
  }
  context.textAlign = "left";
  paintValues(context, node, values);
  context.restore();
}

function paintSlot(context: CanvasRenderingContext2D, x: number, y: number, type: string): void {
  context.fillStyle = linkColors[type] ?? colors.faint;
  context.beginPath();
  context.arc(x, y, 5, 0, 2 * Math.PI);
  context.fill();
}

/** The values that stand in the node itself: the name to the left, the value to the right. */
function paintValues(
  context: CanvasRenderingContext2D,
  { pos, size, inputs, outputs }: FileNode,
  values: Readonly<Record<string, unknown>>,
): void {
  let y = pos[1] + 16 + Math.max(inputs.length, outputs.length) * ROW;
  for (const [name, value] of Object.entries(values)) {
    if (Array.isArray(value)) continue;
    context.textAlign = "left";
    context.fillStyle = colors.faint;
    context.fillText(name, pos[0] + 14, y, size[0] * 0.4);
    context.textAlign = "right";
    context.fillStyle = colors.ink;
    context.fillText(shorten(shown(value), 40), pos[0] + size[0] - 14, y, size[0] * 0.55);
    y += ROW;
  }
  context.textAlign = "left";
}

function shown(value: unknown): string {
  if (typeof value === "string") return value === "" ? "–" : value.replaceAll(/\s+/g, " ");
  const text = JSON.stringify(value);
  return /^\{"\$integer":"(-?\d+)"\}$/.exec(text)?.[1] ?? text;
}
