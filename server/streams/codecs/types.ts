/** One way to make a segment's text smaller. `name` stands in the segment's row and is bound into its seal. */
export interface Codec {
  readonly name: string
  compress(plain: Buffer): Promise<Buffer>
  /** Rejects where the text would be longer than `maxBytes`: a segment never is. */
  expand(packed: Buffer, maxBytes: number): Promise<Buffer>
}
