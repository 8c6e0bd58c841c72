/** Records that a process remembers something of. Beyond it the least recently used is forgotten, and read again. */
export const MEMORY_RECORDS = 10_000;
