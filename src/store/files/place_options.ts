/** What {@linkcode resolvePlace} goes by. */
export interface PlaceOptions {
  /** `--kv` or `FEISHU_TOKEN_KV`: a path, `:memory:` or a KV Connect URL. */
  readonly kv?: string | undefined;
  /** Of the file in the user's data directory, where `kv` is not given. */
  readonly fileName: string;
  /** The system whose conventions apply. */
  readonly os: typeof Deno.build.os;
  /** Reads one environment variable. */
  readonly env: (name: string) => string | undefined;
}
