import type { BuildView } from '@/server/builds/schema.ts'

export type Artifact = BuildView['artifacts'][number]
export type ArtifactKind =
  | 'specification'
  | 'architecture'
  | 'tasks'
  | 'report'
  | 'review'
  | 'diff'
  | 'markdown'
  | 'json'
  | 'text'
  | 'binary'

const stem = (name: string) => name.replace(/\.(json|md)$/, '')

/** As they were handed over; of a document's two forms the one that is drawn comes first. */
export function inOrder<T extends Pick<Artifact, 'name' | 'createdAt'>>(artifacts: readonly T[]): T[] {
  const first = new Map<string, string>()
  for (const { name, createdAt } of artifacts) {
    const earlier = first.get(stem(name))
    if (earlier === undefined || createdAt < earlier) first.set(stem(name), createdAt)
  }
  const key = ({ name }: T) => `${first.get(stem(name))} ${name}`
  return [...artifacts].sort((a, b) => (key(a) < key(b) ? -1 : 1))
}

const documents = ['specification', 'architecture', 'tasks'] as const
const textTypes = /^(text\/|application\/(json|javascript|xml|x-ndjson|x-sh|yaml|x-yaml|toml)|image\/svg)/

/** How an artifact is shown: by its name where it is one of the crew's documents, else by its type. */
export function kindOf({ name, mediaType }: Pick<Artifact, 'name' | 'mediaType'>): ArtifactKind {
  const document = documents.find((known) => name.toLowerCase().endsWith(`${known}.json`))
  if (document) return document
  if (/(^|\/)([\w-]*report[\w-]*|baseline)\.json$/i.test(name)) return 'report'
  if (/(^|\/)review\.json$/i.test(name)) return 'review'
  if (/\.(diff|patch)$/i.test(name) || /diff|patch/.test(mediaType)) return 'diff'
  if (/\.md$/i.test(name) || mediaType.startsWith('text/markdown')) return 'markdown'
  if (/\.json$/i.test(name) || mediaType.includes('json')) return 'json'
  return textTypes.test(mediaType) ? 'text' : 'binary'
}
