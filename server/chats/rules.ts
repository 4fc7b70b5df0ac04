import { createHash } from 'node:crypto'

/** A message's place in its conversation. Nodes of a conversation are always given oldest first. */
export interface Node {
  id: string
  parentId: string | null
}

/** An id that follows from what it is made of, so that the same request makes the same rows however often it comes. */
export function derivedId(...parts: string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest()
  // A UUID of version 8: the one for ids with a rule of their own.
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x80
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80
  return hash
    .toString('hex')
    .slice(0, 32)
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** The ids from the first message down to `leafId`; none where there is no such message. */
export function branchTo(nodes: readonly Node[], leafId: string | null): string[] {
  const parents = new Map(nodes.map(({ id, parentId }) => [id, parentId]))
  const branch: string[] = []
  // No branch is longer than there are messages, whatever the rows say of one another.
  for (let at = leafId; at !== null && parents.has(at) && branch.length < nodes.length; at = parents.get(at) ?? null) branch.push(at)
  return branch.reverse()
}

/** Under each message, and under null the first ones, what follows it, oldest first. */
export function childrenOf(nodes: readonly Node[]): Map<string | null, string[]> {
  const children = new Map<string | null, string[]>()
  for (const { id, parentId } of nodes) {
    const known = children.get(parentId)
    if (known) known.push(id)
    else children.set(parentId, [id])
  }
  return children
}

/** The newest message below `id` that nothing follows; itself where nothing follows it. Null: of the whole conversation. */
export function newestLeaf(nodes: readonly Node[], id: string | null): string | null {
  const children = childrenOf(nodes)
  const age = new Map(nodes.map((node, at) => [node.id, at]))
  const seen = new Set<string | null>()
  let leaf: string | null = null
  const open: (string | null)[] = [id]
  while (open.length > 0) {
    const at = open.pop() ?? null
    if (seen.has(at)) continue
    seen.add(at)
    const below = children.get(at) ?? []
    if (below.length === 0 && at !== null && (leaf === null || (age.get(at) ?? -1) > (age.get(leaf) ?? -1))) leaf = at
    open.push(...below)
  }
  return leaf
}

/** When the day (UTC) of a moment began, and when the next one does. */
export function dayOf(now: number): { from: Date; until: Date } {
  const dayMs = 86_400_000
  const from = Math.floor(now / dayMs) * dayMs
  return { from: new Date(from), until: new Date(from + dayMs) }
}
