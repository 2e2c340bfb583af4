import { freemem, totalmem } from "node:os";
import { emptyReply, jsonReply, maxBodyBytes, type Routes } from "../http-server.ts";
import { describeNode, library } from "../nodes/library.ts";
import type { NodeSite } from "../nodes/node-type.ts";

const folderNames =
  "checkpoints configs loras vae text_encoders diffusion_models clip_vision style_models embeddings diffusers vae_approx controlnet gligen upscale_models latent_upscale_models custom_nodes datasets hypernetworks photomaker classifiers model_patches audio_encoders background_removal frame_interpolation geometry_estimation optical_flow detection".split(
    " ",
  );

/** What the server says of itself. Its name shows that it is a simulator. */
export function infoRoutes(site: NodeSite, version: string): Routes {
  const features = serverFeatures();
  return {
    "GET /system_stats": () => {
      const total = totalmem();
      const free = freemem();
      return jsonReply({
        system: {
          os: process.platform,
          ram_total: total,
          ram_free: free,
          comfyui_version: version,
          required_frontend_version: "1.49.6",
          installed_templates_version: null,
          required_templates_version: "0.11.44",
          comfy_package_versions: [],
          python_version: "3.13.5 (simulated)",
          pytorch_version: "2.6.0 (simulated)",
          embedded_python: false,
          deploy_environment: "simulator",
          argv: ["simulator"],
        },
        devices: [
          {
            name: "Darkroom simulator",
            type: "cpu",
            index: null,
            vram_total: total,
            vram_free: free,
            torch_vram_total: total,
            torch_vram_free: free,
          },
        ],
      });
    },
    "GET /features": () => jsonReply(features),
    "GET /embeddings": () => jsonReply([]),
    "GET /extensions": () => jsonReply([]),
    "GET /models": () => jsonReply(folderNames),
    "GET /models/{folder}": ({ params }) => {
      const folder = params.folder ?? "";
      return folderNames.includes(folder) ? jsonReply(site.models[folder] ?? []) : emptyReply(404);
    },
    "GET /object_info": () =>
      jsonReply(
        Object.fromEntries(Object.entries(library).map(([name, node]) => [name, describeNode(name, node, site)])),
      ),
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

export function serverFeatures(): Record<string, unknown> {
  return {
    supports_preview_metadata: true,
    supports_model_type_tags: true,
    max_upload_size: maxBodyBytes,
    extension: { manager: { supports_v4: true } },
    node_replacements: true,
    assets: false,
  };
}
