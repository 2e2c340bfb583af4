import type { Document, DocumentOperation } from "@darkroom/api";
import type { JsonSchema } from "@darkroom/contracts";

// The OpenAPI document as one page. Drawn here, and not by a viewer in the browser, because those weigh a megabyte and more
// and want scripts, styles and fonts from elsewhere; a page without scripts is there at once, can be searched, and prints.

/** The document as a whole HTML page. */
export function docsHtml(document: Document): string {
  const info = document.info as { title: string; version: string; description: string };
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const tags = [...new Set(operations.map(({ operation }) => tagOf(operation)))];
  const sections = tags.map((tag) => {
    const own = operations.filter(({ operation }) => tagOf(operation) === tag);
    return `<section id="${escaped(tag)}"><h2>${escaped(tag)}</h2>${own.map(operationHtml).join("")}</section>`;
  });
  const schemas = Object.entries(document.components.schemas)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(
      ([name, schema]) =>
        `<details id="${escaped(name)}"><summary>${escaped(name)}</summary>${schemaHtml(schema)}</details>`,
    );
  const links = [...tags, "schemas"].map((tag) => `<a href="#${escaped(tag)}">${escaped(tag)}</a>`).join("");
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escaped(info.title)} API</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>${style}</style></head><body>
<header><h1>${escaped(info.title)} API <small>${escaped(info.version)}</small></h1>
<p>Send <code>Authorization: Bearer dk_…</code> with every call. The same document as
<a href="/api/openapi.json">OpenAPI 3.1</a>.</p><nav aria-label="Sections">${links}</nav></header>
<main>${markdownHtml(info.description)}${sections.join("")}
<section id="schemas"><h2>schemas</h2>${schemas.join("")}</section></main></body></html>`;
}

const tagOf = ({ tags }: DocumentOperation): string => (tags as string[] | undefined)?.[0] ?? "other";

function operationHtml({
  path,
  method,
  operation,
}: {
  path: string;
  method: string;
  operation: DocumentOperation;
}): string {
  const { parameters = [], requestBody, responses } = operation;
  const rows = parameters.map(({ name, required, schema, ...rest }) => {
    const told = [schema.description, rest.description].filter((text) => text !== undefined).map(String);
    return `<tr><td><code>${escaped(name)}</code>${required ? " *" : ""}</td><td>${escaped(String(rest.in))}</td>
<td>${typeHtml(schema)} ${inline(told.join(" "))}</td></tr>`;
  });
  const body = Object.entries(requestBody?.content ?? {}).map(
    ([type, { schema }]) => `<h4>Body <small>${escaped(type)}</small></h4>${schemaHtml(schema ?? {})}`,
  );
  const answers = Object.entries(responses)
    .filter(([status]) => status.startsWith("2") || ["499", "502"].includes(status))
    .map(([status, answer]) => {
      const types = Object.entries(answer.content ?? {}).map(
        ([type, { schema }]) => `${escaped(type)} ${schema === undefined ? "" : typeHtml(schema)}`,
      );
      return `<li><b>${escaped(status)}</b> ${inline(String(answer.description ?? ""))} ${types.join(", ")}</li>`;
    });
  return `<article><h3><span class="verb ${method}">${method.toUpperCase()}</span> <code>${escaped(path)}</code></h3>
<p>${inline(String(operation.summary))}. ${inline(String(operation.description ?? ""))}</p>
${rows.length > 0 ? `<div class="wide"><table><tbody>${rows.join("")}</tbody></table></div>` : ""}${body.join("")}
<ul>${answers.join("")}</ul></article>`;
}

/** A schema with its properties, one level after the other. */
function schemaHtml(schema: JsonSchema): string {
  const properties = Object.entries((schema.properties as Record<string, JsonSchema> | undefined) ?? {});
  const variants = variantsOf(schema);
  if (properties.length === 0 && variants.some(({ properties }) => properties !== undefined)) {
    return `<ul>${variants.map((variant) => `<li>${schemaHtml(variant)}</li>`).join("")}</ul>`;
  }
  if (properties.length === 0) return `<p>${typeHtml(schema)}</p>`;
  const required = (schema.required as string[] | undefined) ?? [];
  const items = properties.map(([name, property]) => {
    const inner = property.properties === undefined ? "" : schemaHtml(property);
    const about = property.description === undefined ? "" : ` ${inline(String(property.description))}`;
    return `<li><code>${escaped(name)}</code>${required.includes(name) ? " *" : ""} ${typeHtml(property)}${about}${inner}</li>`;
  });
  return `<ul class="fields">${items.join("")}</ul>`;
}

const variantsOf = (schema: JsonSchema): readonly JsonSchema[] =>
  ((schema.anyOf ?? schema.oneOf) as JsonSchema[] | undefined) ?? [];

/** What a value is, in a few words. */
function typeHtml(schema: JsonSchema): string {
  if (typeof schema.$ref === "string") {
    const name = schema.$ref.split("/").at(-1) ?? "";
    return `<a href="#${escaped(name)}">${escaped(name)}</a>`;
  }
  const variants = variantsOf(schema);
  if (variants.length > 0) return variants.map(typeHtml).join(" | ");
  if (schema.const !== undefined) return `<code>${escaped(JSON.stringify(schema.const))}</code>`;
  const values = schema.enum as unknown[] | undefined;
  if (values !== undefined) return values.map((value) => `<code>${escaped(JSON.stringify(value))}</code>`).join(" | ");
  if (schema.type === "array") return `[${typeHtml((schema.items as JsonSchema | undefined) ?? {})}]`;
  const bounds = [
    ["minimum", "≥"],
    ["maximum", "≤"],
    ["minLength", "length ≥"],
    ["maxLength", "length ≤"],
  ].flatMap(([key = "", sign]) => (schema[key] === undefined ? [] : [`${sign} ${schema[key]}`]));
  const fallback = schema.default === undefined ? [] : [`default ${JSON.stringify(schema.default)}`];
  const more = [...(schema.format === undefined ? [] : [String(schema.format)]), ...bounds, ...fallback].join(", ");
  return `<i>${escaped(String(schema.type ?? "any"))}</i>${more === "" ? "" : ` <small>${escaped(more)}</small>`}`;
}

/** Paragraphs and one table, which is all that our own descriptions have. */
function markdownHtml(text: string): string {
  return text
    .split("\n\n")
    .map((part) => {
      if (!part.startsWith("|")) return `<p>${inline(part)}</p>`;
      const rows = part.split("\n").filter((row) => !/^\|[-|]+\|$/.test(row));
      const cells = rows.map((row) => row.slice(1, -1).split("|"));
      const table = cells.map((row) => `<tr>${row.map((cell) => `<td>${inline(cell.trim())}</td>`).join("")}</tr>`);
      return `<div class="wide"><table><tbody>${table.join("")}</tbody></table></div>`;
    })
    .join("");
}

const inline = (text: string): string => escaped(text).replace(/`([^`]+)`/g, "<code>$1</code>");

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign] ?? sign);

const style = `:root{color-scheme:light dark;--line:light-dark(#ddd,#333);--soft:light-dark(#666,#aaa);--card:light-dark(#fff,#1b1b1d)}
body{margin:0 auto;max-width:60rem;padding:2rem 1rem 6rem;font:16px/1.6 system-ui,sans-serif;background:light-dark(#fafafa,#111113);
color:light-dark(#1a1a1a,#eee)}h1{margin:0}h2{margin:3rem 0 1rem;text-transform:capitalize}h3{margin:0;font-size:1rem;overflow-wrap:anywhere}
h4{margin:1rem 0 0}small{color:var(--soft);font-weight:400}nav{display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:.5rem 0}
a{color:light-dark(#0b57d0,#8ab4f8)}article,details{border:1px solid var(--line);border-radius:.75rem;background:var(--card);
padding:1rem;margin:0 0 1rem}details{padding:.5rem 1rem;margin-bottom:.5rem}summary{cursor:pointer;font-weight:600}
code{font:.875em ui-monospace,monospace;background:light-dark(#f0f0f0,#2a2a2d);padding:.1em .35em;border-radius:.3em}
.verb{display:inline-block;min-width:4.2rem;text-align:center;border-radius:.4rem;font:700 .75rem/1.8 ui-monospace,monospace;color:#fff;
background:#666}.get{background:#1a6b3c}.post{background:#0b57d0}.delete{background:#b3261e}.put,.patch{background:#8a5a00}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}td{border-top:1px solid var(--line);padding:.4rem .75rem .4rem 0;
vertical-align:top}ul{padding-left:1.25rem;margin:.5rem 0}.fields{list-style:none;padding-left:1rem;border-left:2px solid var(--line)}`;
