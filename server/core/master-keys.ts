/** A key wrapped by a master key; `masterId` says which one. */
export interface Wrapped {
  masterId: string
  wrapped: Buffer
}

/** The key that wraps all others: kept by this installation, or by a vault that never gives it away. */
export interface MasterKeys {
  kind: 'local' | 'vault'
  /** The id of the master key that wraps what is wrapped from now on. */
  current(): Promise<string>
  /** @param binding what must be said again to unwrap it */
  wrap(key: Uint8Array, binding: readonly string[]): Promise<Wrapped>
  /**
   * @param masterId null for what was wrapped before master keys had ids
   * @throws AppError UNAVAILABLE where that master key is not here, or is not the one that wrapped this
   */
  unwrap(from: { masterId: string | null; wrapped: Uint8Array }, binding: readonly string[]): Promise<Buffer>
  /**
   * Makes a new master key the current one; those before still unwrap. Gives the new id.
   * @throws AppError CONFLICT where this kind of keeping does not allow it while the system runs, in words that say what to do instead
   */
  rotate(): Promise<string>
  /** Forgets master keys that wrap nothing any more; those named here are kept. */
  forgetAllBut(ids: readonly string[]): Promise<void>
}
