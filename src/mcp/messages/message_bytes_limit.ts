/**
 * Most bytes of one JSON-RPC message, or of one batch, over HTTP and over stdio. The largest call that there is carries
 * two tokens of 8192 characters; were each of those characters written as `\uXXXX`, it would take 96 KiB.
 */
export const MESSAGE_BYTES_LIMIT: number = 128 * 1024;
