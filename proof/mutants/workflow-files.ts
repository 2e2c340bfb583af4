import type { Mutant } from "./mutant.ts";

const tests = ["packages/workflow-files/src/read-workflow-file.test.ts"];

/** Guarded here: what a file that anybody made may cost the page that reads it. */
export const workflowFilesMutants: Readonly<Record<string, Mutant>> = {
  "file-letters": {
    guard: "a file in another encoding is not read as other letters",
    file: "packages/contracts/src/workflow/graph-text.ts",
    text: "fatal: true",
    replacement: "fatal: false",
    tests: [
      "packages/contracts/src/workflow/graph-text.test.ts",
      ...tests,
      "packages/cli/src/input/input-values.test.ts",
    ],
  },
  "file-end": {
    guard: "no block of a file ends after the file",
    file: "packages/workflow-files/src/ranges.ts",
    text: "if (end > size) throw damaged(",
    replacement: "if (end < 0) throw damaged(",
    tests,
    only: "says what is wrong",
  },
  "file-blocks": {
    guard: "a file has at most 100,000 blocks",
    file: "packages/workflow-files/src/ranges.ts",
    text: "      blocks += 1;\n",
    replacement: "",
    tests,
    only: "too many blocks",
  },
  "file-texts": {
    guard: "all texts of a file have at most 16 MiB",
    file: "packages/workflow-files/src/read-workflow-file.ts",
    text: "      characters += text.length;\n",
    replacement: "",
    tests,
    only: "large together",
  },
  "file-inflate": {
    guard: "a compressed text has at most 8 MiB",
    file: "packages/workflow-files/src/parts/inflate.ts",
    text: "    length += next.value.length;\n",
    replacement: "    length = next.value.length;\n",
    tests,
    only: "fill the memory",
  },
  "file-boxes": {
    guard: "each box of a video ends after it begins",
    file: "packages/workflow-files/src/parts/boxes.ts",
    text: "if (length < headLength)",
    replacement: "if (length < 0)",
    tests,
    only: "a box without a length",
  },
  "file-list": {
    guard: "a text of a sound's list ends within the list",
    file: "packages/workflow-files/src/parts/riff-chunks.ts",
    text: 'if (inside !== "" && at + 8 + length > to)',
    replacement: "if (length < 0)",
    tests,
    only: "a text larger than its list",
  },
  "file-comment": {
    guard: "a comment in pieces has at most 8 MiB",
    file: "packages/workflow-files/src/containers/gif.ts",
    text: "      length += size;\n",
    replacement: "",
    tests,
    only: "a comment too long",
  },
  "file-large-head": {
    guard: "a BigTIFF has a whole head",
    file: "packages/workflow-files/src/parts/exif.ts",
    text: "if (head.length < 2 * form.word)",
    replacement: "if (head.length < 8)",
    tests,
    only: "half a head of a large one",
  },
  "file-brotli": {
    guard: "of many compressed boxes one is decompressed",
    file: "packages/workflow-files/src/containers/jxl.ts",
    text: "compressed === null && (await",
    replacement: "(await",
    tests,
    only: "compressed metadata that would fill the memory",
  },
};
