import { inject, test } from "vitest";
import { hold, tableOf } from "./contest.ts";
import { rows } from "./rows.ts";

// Only that our side runs: the peers need a network, and what a busy machine measures in a moment says nothing.
test.concurrent.for(Object.entries(rows))(
  "the row %s runs without its peers, and loses no job",
  async ([, row], { expect }) => {
    const servers = { postgresUrl: inject("postgresUrl"), redisUrl: inject("redisUrl") };
    const { contests, close } = await row(servers, null, 0.05);
    try {
      for (const contest of contests) expect(tableOf([await hold(contest, 1)])).toContain("a floor written by hand");
    } finally {
      await close();
    }
  },
);
