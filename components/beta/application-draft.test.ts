import { describe, expect, it } from 'vitest'
import { type ApplicationDraft, firstDraft, problemsOf, readDraft } from './application-draft.ts'

const full: ApplicationDraft = { name: 'Jo', company: '', purpose: 'A rota for our volunteers.', teamSize: '2-5', consent: true }

describe('what keeps an application from being sent', () => {
  it('is nothing, where all is filled in', () => expect(problemsOf(full)).toEqual({}))

  it('is every field that is empty, the company left aside', () => {
    const empty = firstDraft('', { state: 'none' })
    expect(problemsOf(empty)).toEqual({ name: 'missing', purpose: 'missing', teamSize: 'missing', consent: 'missing' })
  })

  it.each([
    [{ purpose: 'too short' }, { purpose: 'tooShort' }],
    [{ purpose: 'x'.repeat(2_001) }, { purpose: 'tooLong' }],
    [{ purpose: 'A rota \u202efor our volunteers' }, { purpose: 'hidden' }],
    [{ name: 'x'.repeat(101) }, { name: 'tooLong' }],
    [{ name: 'Jo\u202e' }, { name: 'hidden' }],
    [{ company: 'y'.repeat(121) }, { company: 'tooLong' }],
    [{ company: 'y\u0000' }, { company: 'hidden' }],
  ])('%j is told as %j', (over, problems) => expect(problemsOf({ ...full, ...over })).toEqual(problems))
})

describe('a draft', () => {
  it('comes back as it was, without the consent', () => {
    expect(readDraft(JSON.stringify(full), firstDraft('', { state: 'none' }))).toEqual({ ...full, consent: false })
  })

  it.each([null, '', '{', '[]', 'null', '{"name":1,"teamSize":"all"}'])('that was kept as %j is the first one', (kept) => {
    const first = firstDraft('Jo', { state: 'none' })
    expect(readDraft(kept, first)).toEqual(first)
  })

  it('of somebody who was turned away begins with what they wrote', () => {
    const { consent: _, ...said } = full
    const application = { ...said, id: '0', createdAt: '', teamSize: '2-5' as const }
    const mine = { state: 'rejected' as const, application, message: null, decidedAt: '', mayApplyAt: '' }
    expect(firstDraft('Other', mine)).toEqual({ ...full, consent: false })
  })
})
