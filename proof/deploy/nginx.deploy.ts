import { readFileSync } from "node:fs";
import { join } from "node:path";
import { changed, holdsBehind } from "./behind-proxy.ts";

const example = readFileSync(join(import.meta.dirname, "../../deploy/nginx/darkroom.conf"), "utf8");

holdsBehind("nginx", {
  program: "nginx",
  configure: ({ folder, port, upstreams: [first, second, pages] }) => ({
    file: join(folder, "nginx.conf"),
    // What Debian's own nginx.conf has around it, in a folder of ours.
    text: `pid ${folder}/nginx.pid;
error_log stderr;
events {}
http {
access_log off;
client_body_temp_path ${folder}/body;
proxy_temp_path ${folder}/proxy;
fastcgi_temp_path ${folder}/fastcgi;
uwsgi_temp_path ${folder}/uwsgi;
scgi_temp_path ${folder}/scgi;
${changed(example, [
  ["127.0.0.1:3001", `127.0.0.1:${first}`],
  ["127.0.0.1:3002", `127.0.0.1:${second}`],
  ["127.0.0.1:3003", `127.0.0.1:${pages}`],
  ["listen 80;", `listen unix:${folder}/http.sock;`],
  ["listen 443 ssl http2;", `listen 127.0.0.1:${port} ssl http2;`],
  ["/etc/nginx/darkroom/fullchain.pem", `${folder}/cert.pem`],
  ["/etc/nginx/darkroom/privkey.pem", `${folder}/key.pem`],
])}
}
`,
  }),
  args: (file, { folder }) => ["-p", folder, "-e", "stderr", "-c", file, "-g", "daemon off;"],
});
