import type { StageView } from '@/server/builds/schema.ts'

/** Stages of one position run side by side, so they stand in one column; columns are in the order of positions. */
export function stageColumns(stages: StageView[]): StageView[][] {
  const columns = new Map<number, StageView[]>()
  for (const stage of [...stages].sort((a, b) => a.position - b.position)) {
    const column = columns.get(stage.position)
    if (column) column.push(stage)
    else columns.set(stage.position, [stage])
  }
  return [...columns.values()]
}

export type Direction = 'left' | 'right' | 'up' | 'down'

/** The stage that an arrow key leads to from `key`; the same one where there is none in that direction. */
export function neighbour(columns: StageView[][], key: string, direction: Direction): string {
  const x = columns.findIndex((column) => column.some((stage) => stage.key === key))
  const y = columns[x]?.findIndex((stage) => stage.key === key) ?? -1
  const vertical = direction === 'up' || direction === 'down'
  const step = direction === 'left' || direction === 'up' ? -1 : 1
  if (vertical) return columns[x]?.[y + step]?.key ?? key
  const column = columns[x + step]
  return column?.[Math.min(y, column.length - 1)]?.key ?? key
}
