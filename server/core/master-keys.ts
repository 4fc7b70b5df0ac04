/** A key wrapped by a master key; `masterId` says which one. */
export interface Wrapped {
  masterId: string
  wrapped: Buffer
}

/** The key that wraps all others: kept by this installation, or by a vault that never gives it away. */
export interface MasterKeys {
  kind: 'local' | 'vault'
  /** Where it comes from; `made` is the file of the data directory that the first start made. */
  source: 'environment' | 'file' | 'made' | 'vault'
  /** The file it stands in, where it stands in one. */
  path: string | null
  /** The id of the master key that wraps what is wrapped from now on: as it is stored at this moment, also by other processes. */
  current(): Promise<string>
  /** Every master key that can unwrap, the current one first. */
  ids(): Promise<string[]>
  /** @param binding what must be said again to unwrap it */
  wrap(key: Uint8Array, binding: readonly string[]): Promise<Wrapped>
  /**
   * @param masterId null for what was wrapped before master keys had ids
   * @throws AppError UNAVAILABLE where that master key is not here, or is not the one that wrapped this; CONFLICT where it was altered
   */
  unwrap(from: { masterId: string | null; wrapped: Uint8Array }, binding: readonly string[]): Promise<Buffer>
  /**
   * Makes a new master key the current one; those before still unwrap. Gives the new id.
   * @throws AppError CONFLICT where this kind of keeping does not allow it while the system runs, in words that say what to do instead
   */
  rotate(): Promise<string>
  /**
   * Asks whether they can be reached, and keeps what opens the way to them from running out.
   * @throws AppError UNAVAILABLE where they cannot be reached
   */
  keepAlive(): Promise<void>
  /** Forgets master keys that wrap nothing any more; the current one and those named here are kept. */
  forgetAllBut(ids: readonly string[]): Promise<void>
  /** The keys themselves, for their backup; null where a vault keeps them. */
  own: {
    /** The current one first. */
    keys(): Promise<Buffer[]>
    /**
     * Takes in keys that are not here yet, before or behind those that are. Gives how many there were.
     * @throws AppError CONFLICT where they cannot be stored from here
     */
    add(keys: readonly Uint8Array[], where: 'before' | 'behind'): Promise<number>
  } | null
}
