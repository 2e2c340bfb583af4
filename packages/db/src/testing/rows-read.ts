import { createDatabase, type Database } from "../postgres/client.ts";

/** What one scan read. */
export interface Read {
  /** `Index Only Scan of jobs_of_owner`. */
  readonly scan: string;
  /** Rows or entries of an index, used or not. */
  readonly rows: number;
}

/** A node of a plan as `EXPLAIN (FORMAT JSON)` writes it, as far as it is looked at. */
interface Plan {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly "Total Cost": number;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number;
  readonly "Rows Removed by Index Recheck"?: number;
  readonly Plans?: readonly Plan[];
}

export interface ExplainedDatabase {
  readonly database: Database;
  /** What the statements of a call read. */
  readsOf(call: () => Promise<unknown>): Promise<Read[]>;
  /** What Postgres expects the dearest statement of a call to cost, in its own unit: about a page that is read in order. */
  costOf(call: () => Promise<unknown>): Promise<number>;
  /** How often its plans give a part of the work to other processes, which Postgres starts for it. */
  sharesOf(call: () => Promise<unknown>): Promise<number>;
}

/**
 * The database at `url` over one connection on which Postgres tells of each statement how it worked it out, with what
 * parameters it truly had (`auto_explain`, so the role must be a superuser). Close its `database` in the end.
 */
export async function explainedDatabase(url: string): Promise<ExplainedDatabase> {
  let told: string[] = [];
  const database = createDatabase(url, {
    max: 1,
    statementTimeoutMs: 600_000,
    applicationName: "explained",
    onNotice: ({ message }) => told.push(message ?? ""),
  });
  await database.sql.unsafe(`
    LOAD 'auto_explain';
    SET auto_explain.log_min_duration = 0; SET auto_explain.log_level = notice; SET auto_explain.log_format = json;
    SET auto_explain.log_analyze = on; SET auto_explain.log_timing = off`);
  const plansOf = async (call: () => Promise<unknown>): Promise<Plan[]> => {
    told = [];
    await call();
    return told.flatMap((message) => {
      const plan = /^duration: [\d.]+ ms {2}plan:\n(.*)$/s.exec(message)?.[1];
      return plan === undefined ? [] : [(JSON.parse(plan) as { Plan: Plan }).Plan];
    });
  };
  return {
    database,
    readsOf: async (call) => (await plansOf(call)).flatMap(readsOfPlan),
    costOf: async (call) => Math.max(0, ...(await plansOf(call)).map((plan) => plan["Total Cost"])),
    sharesOf: async (call) => (await plansOf(call)).flatMap(nodesOf).filter((node) => node.startsWith("Gather")).length,
  };
}

const nodesOf = (plan: Plan): string[] => [plan["Node Type"], ...(plan.Plans ?? []).flatMap(nodesOf)];

/** How many operators make and how fast they type bounds these tables, not how many jobs there are. */
const madeByHand = /^(?:workflows|workflow_versions|backends|slots|settings)/;

/** The scans of a plan. One by a bitmap is two: rows are looked up in the index, then in the table. */
function readsOfPlan(plan: Plan): Read[] {
  const below = (plan.Plans ?? []).flatMap(readsOfPlan);
  const read = plan["Index Name"] ?? plan["Relation Name"];
  if (read === undefined || !plan["Node Type"].endsWith("Scan") || madeByHand.test(read)) return below;
  const removed = (plan["Rows Removed by Filter"] ?? 0) + (plan["Rows Removed by Index Recheck"] ?? 0);
  const rows = Math.round((plan["Actual Rows"] + removed) * plan["Actual Loops"]);
  return [{ scan: `${plan["Node Type"]} of ${read}`, rows }, ...below];
}
