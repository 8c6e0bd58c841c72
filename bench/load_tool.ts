/** One HTTP POST that is sent again and again. */
export interface LoadTarget {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The result of a load. */
export interface LoadResult {
  readonly requestsPerSecond: number;
  /** All requests that were answered. */
  readonly requests: number;
  /** Answers other than 2xx, and connections that broke. */
  readonly failures: number;
}

/** Something that sends requests as fast as a server answers. */
export interface LoadTool {
  /** Name and version, for the table. */
  readonly name: string;
  /** Sends for `seconds` over `connections` connections that stay open. */
  run(target: LoadTarget, connections: number, seconds: number): Promise<LoadResult>;
}
