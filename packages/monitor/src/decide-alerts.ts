import type { AlertDecision, OpenAlert } from "@darkroom/db";
import { type AlertFacts, type Reading, type Rule, rules } from "./alert-rules.ts";

/**
 * What becomes of the alerts, given those that are open and what was found out: noticed at once, raised when it has lasted, cleared
 * when it has been well for long enough. What lies between a rule's two bounds changes nothing, so that an alert does not come
 * and go with every look. Pure; `now` is in milliseconds.
 */
export function decideAlerts(facts: AlertFacts, open: readonly OpenAlert[], now: number): AlertDecision[] {
  return rules.flatMap((rule) => {
    const readings = rule.read(facts);
    if (readings === null) return [];
    const known = open.filter((alert) => alert.rule === rule.rule);
    const gone = known.filter(({ subject }) => !readings.some((reading) => reading.subject === subject));
    return [
      ...readings.flatMap(
        (reading) => decide(rule, reading, known.find(({ subject }) => subject === reading.subject) ?? null, now) ?? [],
      ),
      // Nothing is measured of it any more: what it was about is gone, or well.
      ...gone.flatMap((alert) => decide(rule, wellAgain(rule, alert), alert, now) ?? []),
    ];
  });
}

const wellAgain = ({ clearAt }: Rule, { subject }: OpenAlert): Reading => ({ subject, value: clearAt, message: "" });

function decide(
  rule: Rule,
  { subject, value, message }: Reading,
  alert: OpenAlert | null,
  now: number,
): AlertDecision | null {
  const to = (step: AlertDecision["to"]): AlertDecision => ({
    ...{ rule: rule.rule, severity: rule.severity, subject, value, message },
    to: step,
  });
  const isBad = value >= rule.raiseAt;
  const isWell = value <= rule.clearAt;
  const hasPassed = (since: number, seconds: number): boolean => now - since >= seconds * 1000;
  if (alert === null) return isBad ? to(rule.raiseAfterSeconds === 0 ? "raise" : "notice") : null;
  if (alert.raisedAt === null) {
    if (!isBad) return to("forget");
    return hasPassed(alert.noticedAt, rule.raiseAfterSeconds) ? to("raise") : null;
  }
  if (!isWell) return to("worsen");
  if (alert.calmSince === null) return to("calm");
  return hasPassed(alert.calmSince, rule.clearAfterSeconds) ? to("clear") : null;
}
