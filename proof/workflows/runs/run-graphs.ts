import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { graphText, parseGraphText } from "@darkroom/contracts";
import { createSimulator, type Simulator } from "@darkroom/simulator";

type Graph = Record<string, { readonly class_type?: string; readonly inputs: Record<string, unknown> }>;

/** How a graph ended on the simulator. */
export interface GraphRun {
  readonly name: string;
  /** Null: it made what it is for. */
  readonly fault: string | null;
}

/** The graphs in API format of a folder, by the names of their files. */
export function graphsIn(folder: string): [name: string, graph: Graph][] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json") && !/^(index|object_info)/.test(file) && !file.endsWith(".workflow.json"))
    .sort()
    .map((file) => [file, parseGraphText(readFileSync(join(folder, file), "utf8")) as Graph]);
}

/** Runs each on a simulator that has the models and the files that they name. */
export async function runGraphs(graphs: readonly [string, Graph][]): Promise<GraphRun[]> {
  const simulator = await createSimulator({ port: 0, speed: 10_000, models: modelsOf(graphs) });
  try {
    await uploadAll(simulator, graphs);
    const runs: GraphRun[] = [];
    for (const [name, graph] of graphs) runs.push({ name, fault: await faultOf(simulator, graph) });
    return runs;
  } finally {
    await simulator.close();
  }
}

/** A PNG of 64 × 64 pixels. */
const picture =
  "iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJAAAAT0lEQVR42u3PQQkAAAgEsItuBCMY1Qi+hcEKLNXzWgQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQELgtc/AGWii/chAAAAABJRU5ErkJggg==";

/** Every name of a model, in each folder that a loader may look into. */
function modelsOf(graphs: readonly [string, Graph][]): Record<string, readonly string[]> {
  const names = new Set(
    valuesOf(graphs).filter((value) => /\.(safetensors|sft|ckpt|pth?|bin|gguf|onnx)$/i.test(value)),
  );
  const folders =
    "checkpoints vae loras text_encoders diffusion_models clip_vision style_models controlnet gligen upscale_models model_patches audio_encoders hypernetworks photomaker";
  return Object.fromEntries(folders.split(" ").map((folder) => [folder, [...names]]));
}

/** A picture for each file that a loader names, whatever its ending says. */
async function uploadAll({ url }: Simulator, graphs: readonly [string, Graph][]): Promise<void> {
  const files = new Set(
    valuesOf(graphs).filter((value) => /\.(png|jpe?g|webp|mp4|wav|flac|mp3)( \[\w+\])?$/i.test(value)),
  );
  for (const file of files) {
    const [, subfolder = "", name = "", type = "input"] = /^(?:(.*)\/)?([^/]+?)(?: \[(\w+)\])?$/.exec(file) ?? [];
    const body = new FormData();
    body.append("image", new File([Buffer.from(picture, "base64")], name));
    body.append("subfolder", subfolder);
    body.append("type", type);
    await fetch(`${url}/upload/image`, { method: "POST", body });
  }
}

function valuesOf(graphs: readonly [string, Graph][]): string[] {
  return graphs.flatMap(([, graph]) =>
    Object.values(graph).flatMap(({ inputs }) =>
      Object.values(inputs ?? {}).filter((value): value is string => typeof value === "string"),
    ),
  );
}

interface Ended {
  readonly outputs: Record<string, Record<string, readonly unknown[]>>;
  readonly status: { readonly status_str: string; readonly messages: readonly [string, Record<string, unknown>][] };
}

/** Why a graph did not make what it is for; null if it did. */
async function faultOf({ url, control }: Simulator, graph: Graph): Promise<string | null> {
  const promptId = randomUUID();
  const ended = control.whenEnded(promptId);
  ended.catch(() => {});
  const response = await fetch(`${url}/prompt`, {
    method: "POST",
    body: graphText({ prompt: graph, prompt_id: promptId }),
  });
  const said = (await response.json()) as { error?: { message: string }; node_errors: Record<string, Refusal> };
  const [refused] = Object.values(said.node_errors);
  if (refused !== undefined)
    return `${refused.class_type}: ${refused.errors[0]?.message} (${refused.errors[0]?.details})`;
  if (!response.ok) return said.error?.message ?? String(response.status);
  await ended;
  const history = (await (await fetch(`${url}/history/${promptId}`)).json()) as Record<string, Ended>;
  const { outputs = {}, status } = history[promptId] ?? {};
  if (status?.status_str !== "success") {
    const failure = status?.messages.find(([type]) => type === "execution_error")?.[1];
    return `${failure?.node_type}: ${failure?.exception_message}`;
  }
  const wrong = Object.entries(graph).find(([id, node]) => !isRight(node.class_type ?? "", outputs[id] ?? {}));
  return wrong === undefined ? null : `${wrong[1].class_type}: not what it saves`;
}

interface Refusal {
  readonly class_type: string;
  readonly errors: readonly { readonly message: string; readonly details: string }[];
}

const endings: readonly [RegExp, RegExp][] = [
  [/^(SaveVideo|VHS_VideoCombine)$/, /\.mp4$/],
  [/^SaveWEBM$/, /\.webm$/],
  [/^SaveAnimatedWEBP$/, /\.webp$/],
  [/^(Save|Preview)Audio/, /\.(flac|mp3|opus)$/],
  [/^SaveLatent$/, /\.latent$/],
  [/^SaveGLB$/, /\.glb$/],
  [/^(Save|Preview)(Image|Animated)/, /\.png$/],
];

/** Whether a class that saves has saved a file of its kind. */
function isRight(classType: string, output: Record<string, readonly unknown[]>): boolean {
  const ending = endings.find(([pattern]) => pattern.test(classType))?.[1];
  if (ending === undefined) return true;
  const names = Object.values(output)
    .flat()
    .map((file) => (typeof file === "object" && file !== null && "filename" in file ? String(file.filename) : ""));
  return names.some((name) => ending.test(name));
}
