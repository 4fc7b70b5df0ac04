import { expect, it } from 'vitest'
import { durationParts } from './duration.ts'

it('never shows more than two units', () => {
  expect(durationParts(-5)).toEqual({ unit: 'ms', ms: '0' })
  expect(durationParts(850.7)).toEqual({ unit: 'ms', ms: '850' })
  expect(durationParts(59_999)).toEqual({ unit: 's', s: '59.9' })
  expect(durationParts(60_000)).toEqual({ unit: 'min', min: '1', s: '00' })
  expect(durationParts(3_599_999)).toEqual({ unit: 'min', min: '59', s: '59' })
  expect(durationParts(3_725_000)).toEqual({ unit: 'h', h: '1', min: '02' })
})
