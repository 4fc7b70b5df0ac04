import { APIError } from '@anthropic-ai/sdk'
import type { RefusalCode } from '../envelope/types.ts'
import { budgetSpentType } from '../schema.ts'

/** The `error.type` of answers that stand for the AI server's, not for the model's; their `message` may be shown to people. */
export const aiServerErrorType = 'ai_server_error'
/** The same of an answer that broke off. */
export const interruptedType = 'interrupted_error'

const interruptedWords = 'The answer broke off before its end; nothing of it was used. Asking again may help.'
const bodyOf = (type: string, message: string) => ({ type: 'error' as const, error: { type, message } })

/** A stream that broke off. It is one of the SDK's own errors, so that it arrives as it is wherever the SDK hands on what it caught. */
export class AnswerInterrupted extends APIError<undefined, undefined, ReturnType<typeof bodyOf>> {
  override readonly name = 'AnswerInterrupted'
  /** The same may be asked again. */
  readonly retriable = true
  constructor(cause?: unknown) {
    super(undefined, bodyOf(interruptedType, interruptedWords), interruptedWords, undefined)
    this.cause = cause
  }
}

interface Said {
  status: number
  type?: string
  words: string
  /** Whether the SDK is to ask again, with a new envelope. */
  again: boolean
}

function answer({ status, type = aiServerErrorType, words, again }: Said): Response {
  return Response.json(bodyOf(type, words), { status, headers: { 'x-should-retry': String(again) } })
}

export const budgetAnswer = () => answer({ status: 402, type: budgetSpentType, words: 'The budget of this build is spent.', again: false })
export const interruptedAnswer = () => answer({ status: 503, type: interruptedType, words: interruptedWords, again: true })
export const unreachableAnswer = (words = 'The AI server does not answer.') => answer({ status: 503, words, again: true })
export const unreadableAnswer = () => answer({ status: 400, words: 'What was to be sent is no request to a model.', again: false })

const refusedWords: Record<Exclude<RefusalCode, 'budget-spent'>, Omit<Said, 'type'>> = {
  'not-sealed': { status: 502, words: 'The AI server did not recognise a sealed request: it may be of another version.', again: false },
  'unknown-key': { status: 503, words: 'The AI server has another key than the one it showed before.', again: true },
  altered: { status: 503, words: 'The request was altered on its way to the AI server.', again: true },
  'unknown-caller': {
    status: 502,
    words: 'The AI server does not know this app: its public key is missing in the list of callers.',
    again: false,
  },
  misbound: { status: 502, words: 'The AI server took the request for one that was meant for somebody else.', again: false },
  old: { status: 503, words: 'The request was too old when it reached the AI server: the two clocks may differ.', again: true },
  early: { status: 503, words: 'For the AI server the request comes from the future: the two clocks differ.', again: false },
  'before-start': { status: 503, words: 'The AI server has just started, and takes nothing from before.', again: true },
  replayed: { status: 503, words: 'The AI server has had this very request before.', again: true },
  oversized: { status: 413, words: 'The request is larger than the AI server takes.', again: false },
  malformed: { status: 502, words: 'The AI server could not read the request: it may be of another version.', again: false },
  'too-many': { status: 429, words: 'This project has too many requests under way at once, also after waiting for a while.', again: false },
}

/** What the SDK is told of a refusal that waiting and sealing anew did not change. */
export const refusedAnswer = (code: RefusalCode): Response => (code === 'budget-spent' ? budgetAnswer() : answer(refusedWords[code]))
