"use client";

import { DropGuard } from "../features/images/drop-guard.tsx";
import { Notices } from "../features/jobs/notices/notices.tsx";
import { Keys } from "../features/keys/keys.tsx";

/** What stands beside every page, whichever it is: what tells of jobs, takes what is dropped, and listens to keys. */
export function Beside() {
  return (
    <>
      <Notices />
      <DropGuard />
      <Keys />
    </>
  );
}
