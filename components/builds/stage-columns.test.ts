import { expect, it } from 'vitest'
import type { StageView } from '@/server/builds/schema.ts'
import { neighbour, stageColumns } from './stage-columns.ts'

const stage = (key: string, position: number): StageView => ({
  key,
  name: key,
  position,
  branch: null,
  status: 'SUCCESS',
  reason: null,
  reasonUnreadable: false,
  startedAt: null,
  endedAt: null,
  steps: [],
})
const columns = stageColumns([stage('integrate', 30), stage('plan', 10), stage('frontend', 20), stage('backend', 20)])

it('puts stages of one position side by side, in order', () => {
  expect(columns.map((column) => column.map(({ key }) => key))).toEqual([['plan'], ['frontend', 'backend'], ['integrate']])
})

it('walks with the arrow keys and stops at the edges', () => {
  expect(neighbour(columns, 'plan', 'right')).toBe('frontend')
  expect(neighbour(columns, 'frontend', 'down')).toBe('backend')
  expect(neighbour(columns, 'backend', 'right')).toBe('integrate')
  expect(neighbour(columns, 'backend', 'up')).toBe('frontend')
  expect(neighbour(columns, 'plan', 'left')).toBe('plan')
  expect(neighbour(columns, 'integrate', 'down')).toBe('integrate')
  expect(neighbour(columns, 'gone', 'left')).toBe('gone')
})
