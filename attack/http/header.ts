/** Name and value of a header line. */
export type Header = readonly [string, string];
