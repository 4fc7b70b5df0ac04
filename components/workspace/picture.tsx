import { imageTypes } from '@/server/chats/schema.ts'

/** Whether the browser shows a file of this kind as a picture. */
export const isPicture = (mediaType: string): boolean => (imageTypes as readonly string[]).includes(mediaType)

export const attachmentPath = (id: string): string => `/api/chats/attachments/${id}`

/** A picture that came with a message, as it was handed in: it is its owner's alone, so that nothing between may make others of it. */
export function Picture({ id, alt, className }: { id: string; alt: string; className: string }) {
  // biome-ignore lint/performance/noImgElement: the optimizer would ask for it without its owner's session.
  return <img src={attachmentPath(id)} alt={alt} loading="lazy" decoding="async" className={className} />
}
