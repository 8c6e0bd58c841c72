/**
 * The least that one call counts as in memory, from its head to its answer. Its body has a few hundred bytes; its
 * timers, its promises, the request and its place in a queue take far more.
 */
export const LEAST_CALL_BYTES: number = 8 * 1024;
