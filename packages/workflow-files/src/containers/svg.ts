import { MAX_TEXT_BYTES } from "../limits.ts";
import { textIn } from "../parts/text-in.ts";
import type { Ranges } from "../ranges.ts";
import { type Tag, tag } from "../tag.ts";

/**
 * The texts of `<metadata>`, which ComfyUI puts right behind `<svg …>`. No parser of XML: what it would give besides is of no
 * use here, and its entities can grow without bound.
 */
export async function* readSvg(file: Ranges): AsyncGenerator<Tag> {
  const text = textIn(file, await file.readUpTo(0, MAX_TEXT_BYTES, "text"));
  for (let at = text.indexOf("<metadata"); at >= 0; at = text.indexOf("<metadata", at)) {
    const from = text.indexOf(">", at) + 1;
    const to = text.indexOf("</metadata", from);
    const place = `<metadata> at character ${at}`;
    if (from === 0 || to < 0) throw file.damaged(place, "it has no end");
    file.pass(0, place);
    yield tag("json", plainText(text.slice(from, to)), place);
    at = to;
  }
}

const OPEN = "<![CDATA[";

/** What stands in the first CDATA, or else the text with its entities replaced. */
function plainText(xml: string): string {
  const open = xml.indexOf(OPEN);
  const close = xml.indexOf("]]>", open);
  if (open >= 0) return xml.slice(open + OPEN.length, close < 0 ? undefined : close);
  return xml.replaceAll(/&(quot|apos|lt|gt|amp|#\d{1,7}|#x[\da-f]{1,6});/gi, (_, name: string) => characterOf(name));
}

const named: Record<string, string> = { quot: '"', apos: "'", lt: "<", gt: ">", amp: "&" };

function characterOf(name: string): string {
  if (!name.startsWith("#")) return named[name.toLowerCase()] ?? "";
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
}
