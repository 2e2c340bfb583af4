import { createServer } from "node:http";
import postgres from "postgres";

// One INSERT behind HTTP, as a process of its own: `node http-floor.ts PORT DATABASE_URL`. What a submit would cost that checks nothing.

const [, , port, databaseUrl = ""] = process.argv;
const sql = postgres(databaseUrl, { max: 10 });

createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  const [row] = await sql`INSERT INTO floor (body) VALUES (${body}::text::jsonb) RETURNING id`;
  response.setHeader("content-type", "application/json").end(JSON.stringify(row));
}).listen(Number(port), "127.0.0.1", () => process.send?.("ready"));
process.on("disconnect", () => process.exit(0));
