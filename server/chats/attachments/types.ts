/** A file that was handed in, as the browser is told of it. */
export interface Attachment {
  id: string
  name: string
  mediaType: string
  bytes: number
}

/** A file as it came; `requestId` tells the same one from another. */
export interface HandedIn {
  requestId: string
  name: string
  bytes: Uint8Array
}
