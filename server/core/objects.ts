/** Where sealed bytes lie: files below the data directory, or an S3 bucket. Keys are made by us, never from user text. */
export interface ObjectStore {
  /** Writes whole or not at all; writing the same key again replaces it. */
  put(key: string, bytes: Uint8Array): Promise<void>
  /** The bytes, or null where there is no such key. */
  get(key: string): Promise<Buffer | null>
  delete(key: string): Promise<void>
}
