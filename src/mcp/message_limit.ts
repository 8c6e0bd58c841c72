/**
 * Most bytes of one message of a client, or of one batch: the body of a POST, or a line on standard input. The largest
 * call that there is carries two tokens of 8,192 characters; were each of those written as `\uXXXX`, it would take 96 KiB.
 */
export const MESSAGE_BYTES_LIMIT: number = 128 * 1024;
