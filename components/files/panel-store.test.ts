import { expect, it } from 'vitest'
import { type Draft, drafted, makePanelStore, relocated, toggled } from './panel-store.ts'

const draft = (text: string): Draft => ({ text, base: { text: '', hash: 'h' } })

it('keeps what was typed for as long as the page lives, and says whether anything is unsaved', () => {
  const told: boolean[] = []
  const panels = makePanelStore((some) => told.push(some))
  panels.change('one', drafted('a.txt', draft('typed')))
  panels.change('two', toggled('src'))
  expect(panels.of('one').drafts.get('a.txt')?.text).toBe('typed')
  expect(panels.of('two').drafts.size).toBe(0)
  expect([...panels.of('two').open]).toEqual(['src'])
  panels.change('one', drafted('a.txt', null))
  expect(told).toEqual([true, true, false])
})

it('moves what was typed along with its file or folder, and drops it with one that is deleted', () => {
  const panels = makePanelStore(() => undefined)
  const change = (part: Parameters<typeof panels.change>[1]) => panels.change('one', part)
  change(drafted('src/a.txt', draft('a')))
  change(drafted('srcs.txt', draft('b')))
  change(toggled('src'))
  change(() => ({ shown: 'src/a.txt', active: 'src' }))
  change(relocated('src', 'lib/src'))
  expect(panels.of('one')).toMatchObject({ shown: 'lib/src/a.txt', active: 'lib/src' })
  expect([...panels.of('one').open]).toEqual(['lib/src'])
  expect([...panels.of('one').drafts.keys()]).toEqual(['lib/src/a.txt', 'srcs.txt'])
  change(relocated('lib', null))
  expect(panels.of('one')).toMatchObject({ shown: null, active: null })
  expect([...panels.of('one').drafts.keys()]).toEqual(['srcs.txt'])
})

it('tells whoever looks', () => {
  const panels = makePanelStore(() => undefined)
  let told = 0
  const stop = panels.subscribe(() => told++)
  panels.change('one', toggled('src'))
  stop()
  panels.change('one', toggled('src'))
  expect(told).toBe(1)
})
