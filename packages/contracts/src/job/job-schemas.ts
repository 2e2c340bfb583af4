import * as z from "zod";
import { jobPriorities, jobStages, jobStates } from "./job.ts";

// Apart from `job.ts` because pages import that: a module of schemas brings zod, 40 KB of gzip, into the browser.

export const jobStateSchema = z.enum(jobStates);
export const jobStageSchema = z.enum(jobStages);
export const jobPrioritySchema = z.enum(jobPriorities);
