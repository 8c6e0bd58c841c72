/**
 * The longest JSON-RPC message or batch, in bytes, over HTTP and stdio. The largest valid call has two tokens of 8192
 * characters: 96 KiB if every character is written as `\uXXXX`.
 */
export const MESSAGE_BYTES_LIMIT: number = 128 * 1024;
