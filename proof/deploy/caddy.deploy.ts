import { readFileSync } from "node:fs";
import { join } from "node:path";
import { changed, holdsBehind } from "./behind-proxy.ts";

const example = readFileSync(join(import.meta.dirname, "../../deploy/caddy/Caddyfile"), "utf8");

holdsBehind("Caddy", {
  program: "caddy",
  configure: ({ folder, port, upstreams: [first, second, pages] }) => ({
    file: join(folder, "Caddyfile"),
    // No certificate from elsewhere, and nothing on ports that are not ours.
    text: `{
	admin off
	auto_https disable_redirects
	log {
		level ERROR
	}
}
${changed(example, [
  ["darkroom.example {", `https://127.0.0.1:${port} {\n\ttls ${folder}/cert.pem ${folder}/key.pem`],
  ["127.0.0.1:3001", `127.0.0.1:${first}`],
  ["127.0.0.1:3002", `127.0.0.1:${second}`],
  ["127.0.0.1:3003", `127.0.0.1:${pages}`],
])}`,
  }),
  args: (file) => ["run", "--config", file, "--adapter", "caddyfile"],
});
