/** The models that the stand-in answers for: names and limits of the real ones, so that requests need no change. */

/** What each takes: whether a temperature, which efforts, and how it is made to think. */
export interface Takes {
  temperature: boolean
  efforts: readonly string[]
  thinking: 'adaptive' | 'budget'
}

const known: Record<string, Takes & { name: string }> = {
  'claude-opus-5-5': {
    name: 'Claude Opus 5.5',
    temperature: false,
    efforts: ['low', 'medium', 'high', 'xhigh', 'max'],
    thinking: 'adaptive',
  },
  'claude-sonnet-5-5': { name: 'Claude Sonnet 5.5', temperature: false, efforts: ['low', 'medium', 'high', 'max'], thinking: 'adaptive' },
  'claude-haiku-5-5': { name: 'Claude Haiku 5.5', temperature: false, efforts: [], thinking: 'budget' },
  'claude-haiku-4-5': { name: 'Claude Haiku 4.5', temperature: true, efforts: [], thinking: 'budget' },
}

interface ModelInfo {
  type: 'model'
  id: string
  display_name: string
  created_at: string
  capabilities: null
  deprecated_at: null
  lifecycle: 'active'
  line: null
  max_input_tokens: number
  max_tokens: number
}

function infoOf(id: string, name: string): ModelInfo {
  return {
    type: 'model',
    id,
    display_name: `${name} (demo model)`,
    created_at: '2026-08-01T00:00:00Z',
    capabilities: null,
    deprecated_at: null,
    lifecycle: 'active',
    line: null,
    max_input_tokens: 200_000,
    max_tokens: 64_000,
  }
}

export const models: ModelInfo[] = Object.entries(known).map(([id, { name }]) => infoOf(id, name))

export function modelNamed(id: string): ModelInfo | null {
  return models.find((model) => model.id === id) ?? null
}

/** What a model takes; null for one that nobody knows. */
export const takenBy = (id: string): Takes | null => (Object.hasOwn(known, id) ? (known[id] ?? null) : null)

/** One page of the list, by the API's cursor parameters. */
export function modelPage(query: URLSearchParams): object {
  const limit = Math.min(Math.max(Number(query.get('limit') ?? 20) || 20, 1), 1000)
  const after = models.findIndex(({ id }) => id === query.get('after_id'))
  const before = models.findIndex(({ id }) => id === query.get('before_id'))
  const end = before >= 0 ? before : models.length
  const data = models.slice(after + 1, end).slice(0, limit)
  return { data, has_more: after + 1 + data.length < end, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null }
}
