const PREFIX = /darkroom\/([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12})-\d+/;

/**
 * The job that made a file, if it is one of ours: ComfyUI writes the graph that it ran into a picture, and the worker gives the
 * nodes that save a prefix with the job's id. Null for all others.
 *
 * @param prompt the graph that a file carries, in the format of ComfyUI's API
 */
export const jobInFile = (prompt: string | undefined): string | null => PREFIX.exec(prompt ?? "")?.[1] ?? null;
