import { basename, dirname, resolve } from "node:path";

/** Saving one file makes several events, and an editor may save several files. */
const QUIET_MS = 100;
/** In the project's folder itself. The lock file is left out: a start may write it. */
const WATCHED_AT_TOP = /^(?:main\.ts|deno\.json|\.env.*)$/;

/** Tells when a source file of the server, its configuration or an env file was changed. */
export class SourceChanges {
  readonly #folder: string;
  readonly #watchers: readonly Deno.FsWatcher[];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #changed = Promise.withResolvers<string>();

  /** Watches the project in `folder` from now on. */
  constructor(folder: string) {
    this.#folder = resolve(folder);
    this.#watchers = [
      Deno.watchFs(this.#folder, { recursive: false }),
      Deno.watchFs(resolve(this.#folder, "src")),
    ];
    for (const watcher of this.#watchers) void this.#watch(watcher);
  }

  /** Resolves with the path of a file that was changed since {@linkcode SourceChanges.forget}. */
  get changed(): Promise<string> {
    return this.#changed.promise;
  }

  /** From here on only later changes count. */
  forget(): void {
    clearTimeout(this.#timer);
    this.#changed = Promise.withResolvers();
  }

  /** Ends the watching. */
  close(): void {
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers) watcher.close();
  }

  async #watch(watcher: Deno.FsWatcher): Promise<void> {
    for await (const { kind, paths } of watcher) {
      const path = kind === "access" ? undefined : paths.find((path) => this.#isSource(path));
      if (path === undefined) continue;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#changed.resolve(path), QUIET_MS);
    }
  }

  #isSource(path: string): boolean {
    return dirname(path) === this.#folder ? WATCHED_AT_TOP.test(basename(path)) : path.endsWith(".ts");
  }
}
