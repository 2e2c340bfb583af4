import { readdirSync } from "node:fs";
import type { Engine } from "../engine/engine.ts";
import { describeNode, library } from "../nodes/library.ts";
import type { Site } from "../site/site.ts";
import { emptyReply, jsonReply, type Reply, type Routes } from "../transport/http-server.ts";

const folderNames =
  "checkpoints configs loras vae text_encoders diffusion_models clip_vision style_models embeddings diffusers vae_approx controlnet gligen upscale_models latent_upscale_models custom_nodes datasets hypernetworks photomaker classifiers model_patches audio_encoders background_removal frame_interpolation geometry_estimation optical_flow detection".split(
    " ",
  );

const packages = Object.entries({
  "comfyui-frontend-package": "1.49.6",
  "comfyui-workflow-templates": "0.11.44",
  "comfyui-embedded-docs": "0.5.10",
  "comfy-kitchen": "0.2.31",
  "comfy-aimdo": "0.4.13",
}).map(([name, required]) => ({ name, installed: null, required }));

// Not this machine's: what a fleet decides by must not depend on where its tests run.
const totalBytes = 24 * 2 ** 30;
const modelBytes = 6.5 * 2 ** 30;

function describeAll(site: Site): Record<string, unknown> {
  return Object.fromEntries(Object.entries(library).map(([name, node]) => [name, describeNode(name, node, site)]));
}

/** What the server says of itself. Its name shows that it is a simulator. */
export function infoRoutes(site: Site, engine: Engine): Routes {
  const { version, features } = site.dialect;
  /** Asked for twice a minute by each worker, and 25 ms of work: nothing in it changes but with the files that are there. */
  let told: { readonly files: string; readonly reply: Reply } | null = null;
  return {
    "GET /system_stats": () => {
      const free = totalBytes - engine.loadedModels().length * modelBytes;
      return jsonReply({
        system: {
          os: process.platform,
          ram_total: totalBytes,
          ram_free: totalBytes / 2,
          comfyui_version: version,
          required_frontend_version: "1.49.6",
          installed_templates_version: null,
          required_templates_version: "0.11.44",
          ...(version === "0.33.0" ? { comfy_package_versions: packages, deploy_environment: "simulator" } : {}),
          python_version: "3.13.5 (simulated)",
          pytorch_version: "2.6.0 (simulated)",
          embedded_python: false,
          argv: ["simulator"],
        },
        devices: [
          {
            name: "Darkroom simulator",
            type: "cpu",
            index: null,
            vram_total: totalBytes,
            vram_free: free,
            torch_vram_total: totalBytes,
            torch_vram_free: free,
          },
        ],
      });
    },
    "GET /features": () => jsonReply(features),
    "GET /embeddings": () => jsonReply([]),
    "GET /extensions": () => jsonReply([]),
    "GET /users": () => jsonReply({ storage: "server", migrated: false }),
    "GET /settings": () => jsonReply({}),
    "GET /workflow_templates": () => jsonReply({}),
    "GET /global_subgraphs": () => jsonReply({}),
    "GET /node_replacements": () => jsonReply({}),
    "GET /internal/logs/raw": () => jsonReply({ entries: [], size: { cols: 80, rows: 24 } }),
    "GET /internal/files/output": () => jsonReply([]),
    "GET /view_metadata/{folder}": () => emptyReply(404),
    "GET /experiment/models": () => jsonReply([]),
    "GET /experiment/models/{folder}": () => jsonReply([]),
    "GET /api/assets": () =>
      jsonReply(
        {
          error: {
            code: "SERVICE_DISABLED",
            message: "Assets system is disabled. Start the server with --enable-assets to use this feature.",
            details: {},
          },
        },
        503,
      ),
    "OPTIONS /prompt": () => emptyReply(200),
    "GET /models": () => jsonReply(folderNames),
    "GET /models/{folder}": ({ params }) => {
      const folder = params.folder ?? "";
      return folderNames.includes(folder) ? jsonReply(site.models[folder] ?? []) : emptyReply(404);
    },
    "GET /object_info": () => {
      const files = JSON.stringify([site.models, readdirSync(site.folders.path("input"), { recursive: true })]);
      if (files !== told?.files) told = { files, reply: jsonReply(describeAll(site)) };
      return told.reply;
    },
    "GET /object_info/{class}": ({ params }) => {
      const name = params.class ?? "";
      const node = Object.hasOwn(library, name) ? library[name] : undefined;
      return jsonReply(node === undefined ? {} : { [name]: describeNode(name, node, site) });
    },
    "GET /ws": () => ({
      status: 400,
      headers: { "content-type": "text/plain; charset=utf-8" },
      body: 'No WebSocket UPGRADE hdr: None\n Can "Upgrade" only to "WebSocket".',
    }),
  };
}
