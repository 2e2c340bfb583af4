import type { Evidence } from "./evidence.ts";
import { isTerminal } from "./postgres.ts";

// What the clients sent and were told, against Postgres.

/** Jobs that were accepted and are not there, and submits that were never answered. */
export function lostJobs({ jobs, answers, keys }: Evidence): string[] {
  const owners = new Map(jobs.map(({ id, ownerId }) => [id, ownerId]));
  const answered = new Set(answers.map(({ ownerId, key }) => `${ownerId} ${key}`));
  return [
    ...answers.flatMap(({ ownerId, key, jobIds }) =>
      jobIds.filter((id) => owners.get(id) !== ownerId).map((id) => `${id}, the answer to ${key}, is not there`),
    ),
    ...keys.filter(({ ownerId, key }) => !answered.has(`${ownerId} ${key}`)).map(({ key }) => `${key} got no answer`),
  ];
}

/** Ends that somebody was told, and that are others now. */
export function changedEnds({ jobs, cancels }: Evidence): string[] {
  const found: string[] = [];
  const states = new Map(jobs.map(({ id, state }) => [id, state]));
  for (const { jobId, state } of cancels) {
    if (isTerminal(state) && states.get(jobId) !== state)
      found.push(`${jobId} was said to be ${state} and is ${states.get(jobId)}`);
  }
  return found;
}

/** The submit that a key belongs to: a batch gives each of its jobs a key of its own. */
const submitOf = ({ ownerId, key }: { ownerId: string; key: string }): string => `${ownerId} ${key.split("#")[0]}`;

/** Submits that made more or fewer jobs than they asked for, and jobs that nobody asked for. */
export function doubleJobs({ jobs, keys }: Evidence): string[] {
  const found: string[] = [];
  const wanted = new Map(keys.map((sent) => [submitOf(sent), sent.jobs]));
  for (const [key, made] of Map.groupBy(jobs, submitOf)) {
    const most = wanted.get(key);
    if (most === undefined) found.push(`nobody asked for ${made.map(({ id }) => id).join(", ")} (${key})`);
    else if (made.length !== most) found.push(`${key} made ${made.length} jobs instead of ${most}`);
  }
  return found;
}

/** Submits whose repetition was answered with other jobs. */
export function doubleAnswers({ answers }: Evidence): string[] {
  const found: string[] = [];
  for (const [key, given] of Map.groupBy(answers, submitOf)) {
    const different = new Set(given.map(({ jobIds }) => [...jobIds].sort().join(" ")));
    if (different.size > 1) found.push(`${key} was answered with different jobs: ${[...different].join(" and ")}`);
  }
  return found;
}
