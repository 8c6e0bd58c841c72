/** Tells whether another process of this machine is alive, so that the lease of a dead one can be taken over at once. */
export interface Liveness {
  /**
   * Whether the process with this random id is alive. The answer is certain for processes of this machine on the same store;
   * other processes are never asked about.
   */
  isAlive(process: string): Promise<boolean>;
}
