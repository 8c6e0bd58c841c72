/**
 * What one call counts as in memory, at the least, from its head to its answer: what it waits with (timers, promises, the
 * request, its place in a queue) takes far more than the few hundred bytes of its body.
 */
export const LEAST_CALL_BYTES: number = 8 * 1024;
