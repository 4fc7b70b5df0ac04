/** What one part of an export is: a name and its values, in the order in which they are read. */
export interface ExportPart {
  name: string
  values: AsyncIterable<unknown> | Iterable<unknown>
}
