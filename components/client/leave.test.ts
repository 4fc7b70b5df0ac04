import { expect, it } from 'vitest'
import { holdUp, leaveBy } from './leave.ts'

it('goes at once, or once the page that holds it up lets it', () => {
  let gone = 0
  const go = () => gone++
  leaveBy(go)
  expect(gone).toBe(1)
  const held: (() => void)[] = []
  const release = holdUp((way) => held.push(way))
  leaveBy(go)
  expect(gone).toBe(1)
  held[0]?.()
  expect(gone).toBe(2)
  // A page that is gone already holds nothing up, and takes nothing from the one that came after it.
  const next = holdUp(() => undefined)
  release()
  leaveBy(go)
  expect(gone).toBe(2)
  next()
  leaveBy(go)
  expect(gone).toBe(3)
})
