// What the product is set to in the model, and the bounds of its own that the reference counts with.

export const leaseSeconds = 10;
export const jobTimeoutSeconds = 60;
/** A backend that was not reached for so long is not there. */
export const silenceSeconds = 10;
/** So many failures of its own, and so many lost prompts, end a job. */
export const budget = 3;
