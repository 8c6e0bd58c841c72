/** Records that a process keeps facts of in memory. Beyond this it drops the least recently used one, and reads it again. */
export const MEMORY_RECORDS = 10_000;
