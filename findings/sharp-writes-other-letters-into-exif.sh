#!/usr/bin/env bash
# sharp writes other letters into EXIF than it is given, and quotes for what were none.
#
# Version    sharp 0.35.5 (libvips as it comes with it).
# Behaviour  withExif turns what is not ASCII into what looks like it: “x” becomes "x", é becomes e, 日 becomes ?. JSON with a
#            typographic quote inside a text is no JSON any more. Nothing is thrown and nothing is warned of.
# One would guess that a text is written as UTF-8, as other programs write it, or refused.
# Seen       {"a":"“x”"} is written as {"a":""x""}, which is no JSON; escaped as \u201c it is written as it is
#
# Our way round it: we write no EXIF; ComfyUI's Python escapes what is not ASCII, so that its files are safe from this.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --no-audit --no-fund --loglevel=error sharp@0.35.5 >/dev/null

cat >show.mjs <<'SCRIPT'
import sharp from "sharp";

const made = sharp({ create: { width: 8, height: 8, channels: 3, background: "#357" } });
async function written(text) {
  const { exif } = await sharp(await made.clone().withExif({ IFD0: { Model: text } }).jpeg().toBuffer()).metadata();
  const at = exif.indexOf("{");
  return exif.subarray(at, exif.indexOf("\0", at)).toString("utf8");
}
function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const plain = JSON.stringify({ a: "“x”" });
const escaped = plain.replace(/[^\x00-\x7f]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
const [one, other] = [await written(plain), await written(escaped)];
console.log(
  `${plain} is written as ${one}, which is ${isJson(one) ? "JSON" : "no JSON"}; ` +
    `escaped as \\u201c it is ${other === escaped ? "written as it is" : `written as ${other}`}`,
);
SCRIPT

seen=$(timeout 60 node show.mjs | tail -1)
expected='{"a":"“x”"} is written as {"a":""x""}, which is no JSON; escaped as \u201c it is written as it is'
echo "$seen"
[ "$seen" = "$expected" ] || { printf 'This has changed. Expected:\n%s\n' "$expected" >&2; exit 1; }
