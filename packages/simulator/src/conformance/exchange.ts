import { type ComparedAnswer, compared, isText, shapeOf, statusOf, unanswered } from "./comparison.ts";
import type { Names } from "./normalise.ts";
import { type Pacing, patienceMs, patienceSteps } from "./pacing.ts";
import type { RecordedAnswer, RecordedRequest } from "./recording.ts";
import { promptIdIn, type Substitutes } from "./substitutes.ts";
import { magicOf } from "./transcript.ts";

export interface Exchange {
  readonly title: string;
  readonly request: RecordedRequest;
  /** Null: nobody answered the recorder. */
  readonly wanted: RecordedAnswer | null;
  readonly isStatusOnly: boolean;
}

export interface ExchangeParts {
  readonly url: string;
  readonly pacing: Pacing;
  readonly substitutes: Substitutes;
  readonly recordedNames: Names;
}

/**
 * Asks the simulator what the recorder asked. A question may be asked a moment too early, so a GET is asked again until
 * the answers agree or nothing can change any more; a command cannot be repeated.
 */
export async function exchange(
  { title, request, wanted, isStatusOnly }: Exchange,
  { url, pacing, substitutes, recordedNames }: ExchangeParts,
): Promise<{ recorded: ComparedAnswer; simulated: ComparedAnswer }> {
  if (wanted === null) {
    const simulated = await send(url, request, null, substitutes).then(
      (response) => statusOf(title, response.status),
      () => unanswered(title),
    );
    return { recorded: unanswered(title), simulated };
  }
  const compare = isStatusOnly ? statusOf : request.path.endsWith("/system_stats") ? shapeOf : compared;
  const recorded = compare(title, wanted.status, wanted.headers["content-type"], wanted, recordedNames);
  for (let step = 0, idleSince = performance.now(); ; step += 1) {
    const response = await send(url, request, wanted, substitutes);
    const type = response.headers.get("content-type") ?? undefined;
    const answer = await read(response, type, wanted);
    if (request.method === "POST" || request.path === "/prompt") substitutes.learnPromptId(wanted, answer.body);
    for (const header of ["etag", "last-modified"]) {
      const [then, now] = [wanted.headers[header], response.headers.get(header)];
      if (then !== undefined && now !== null) substitutes.add(then, now);
    }
    const simulated = compare(title, response.status, type, answer, substitutes.names);
    const agrees = JSON.stringify(simulated) === JSON.stringify(recorded);
    const isTooLate = step > patienceSteps || performance.now() - idleSince > patienceMs;
    if (agrees || request.method !== "GET" || isTooLate) return { recorded, simulated };
    const passed = await pacing.step();
    if (passed === "stepped") idleSince = performance.now();
    // Asked once more: what was under way when this answer was given may have ended just now.
    if (passed === "idle") step = patienceSteps;
  }
}

async function read(response: Response, type: string | undefined, { bodyMagic }: RecordedAnswer) {
  const bytes = Buffer.from(await response.arrayBuffer());
  return {
    body: isText(type) ? bytes.toString("utf8") : null,
    ...(bodyMagic === undefined ? {} : { bodyMagic: magicOf(bytes) }),
  };
}

function send(
  url: string,
  request: RecordedRequest,
  wanted: RecordedAnswer | null,
  { translate }: Substitutes,
): Promise<Response> {
  const body =
    request.bodyBase64 === undefined
      ? withTieBreaker(request, wanted)
      : new Uint8Array(Buffer.from(request.bodyBase64, "base64"));
  const headers = Object.entries(request.headers ?? {}).map(([key, value]): [string, string] => [
    key,
    translate(value),
  ]);
  return fetch(url + translate(request.path), {
    method: request.method,
    headers,
    ...(body === undefined || body === "" ? {} : { body: typeof body === "string" ? translate(body) : body }),
  });
}

/** Equal numbers run in order of the id, so there the id that the real server had picked must be used. */
function withTieBreaker({ body }: RecordedRequest, wanted: RecordedAnswer | null): string | undefined {
  const id = promptIdIn(wanted?.body);
  if (body === undefined || id === undefined || !body.includes('"number": ') || body.includes('"prompt_id"'))
    return body;
  return body.replace(/\}$/, `, "prompt_id": "${id}"}`);
}
