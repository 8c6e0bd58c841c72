/** Whether other processes of this machine still live, so that what a dead one left can be taken over at once. */
export interface Liveness {
  /**
   * Whether the process lives that is known by this random id. Certain for processes of this machine on the same store;
   * never asked about others.
   */
  isAlive(process: string): Promise<boolean>;
}
