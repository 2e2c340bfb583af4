/** The media ranges of an `Accept` header, best first: by their weights, then in their order. `*` stands for a whole part. */
export function acceptedTypes(header: string): string[] {
  const ranges = header.split(",").map((range) => {
    const [type = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
    return { type, weight: weight === undefined ? 1 : Number(weight) };
  });
  const wanted = ranges.filter(({ type, weight }) => type !== "" && weight > 0);
  return wanted.sort((a, b) => b.weight - a.weight).map(({ type }) => type);
}

/** Whether a media range has this type in it. */
export function isInRange(range: string, mimeType: string): boolean {
  return range === "*/*" || range === mimeType || (range.endsWith("/*") && mimeType.startsWith(range.slice(0, -1)));
}
