/** The most bytes of one text, compressed or not: far more than a workflow of 2000 nodes with its positions and notes. */
export const MAX_TEXT_BYTES = 8 * 1024 * 1024;

/** The most characters of all texts of a file that may carry a workflow together. */
export const MAX_TEXTS = 16 * 1024 * 1024;

/** The most chunks, boxes, pages, tags and the like that are looked at. A video of an hour has a few thousand. */
export const MAX_BLOCKS = 100_000;

/** The most bytes that are read of a file, however large it is. */
export const MAX_READ_BYTES = 128 * 1024 * 1024;
