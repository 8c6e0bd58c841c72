/** A way in which a store stops working. */
export interface StoreTrouble {
  /** For the table. */
  readonly name: string;
  /** Makes the store fail; resolves once it does. The function returned restores it, and resolves once it works again. */
  begin(): Promise<() => Promise<void>>;
}

/** A store that several servers share, and that can be made to fail. */
export interface ChaosStore extends AsyncDisposable {
  /** As `--kv` takes it. */
  readonly kv: string;
  /** What a server needs in its environment to open it. */
  readonly env: Readonly<Record<string, string>>;
  /** How it can be made to fail. The first one keeps a commit from ending without hurting anything. */
  readonly troubles: readonly [StoreTrouble, ...StoreTrouble[]];
  /** The machines that use it, each with a home of its own. */
  readonly machines: readonly [ChaosMachine, ...ChaosMachine[]];
}

/** What servers take for a machine: its processes share a journal. */
export interface ChaosMachine {
  /** For the history. */
  readonly name: string;
  /** The home directory of its processes. */
  readonly home: string;
  /** The folder of its journal. */
  readonly journal: string;
}
