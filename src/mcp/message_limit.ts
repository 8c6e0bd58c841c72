/**
 * What one message of a client may have at most, in bytes: the body of a POST, or a line on standard input. The longest
 * call that there is, with two tokens of 8,192 characters, needs an eighth of it.
 */
export const MESSAGE_BYTES_LIMIT: number = 128 * 1024;
