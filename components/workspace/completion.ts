/** What is being completed: a prompt at the beginning of a message, or an agent's name after an @. */
export interface Completion {
  kind: 'prompt' | 'agent'
  /** What has been written of it. */
  words: string
  from: number
  to: number
}

/** Looks what the caret stands in; null where nothing is completed. */
export function completionAt(text: string, caret: number): Completion | null {
  const before = text.slice(0, caret)
  const prompt = /^\/([\p{L}\p{N}-]{0,30})$/u.exec(before)
  if (prompt) return { kind: 'prompt', words: prompt[1] ?? '', from: 0, to: caret }
  const agent = /(?:^|\s)@([\p{L}\p{N}_.-]{0,40})$/u.exec(before)
  if (agent) return { kind: 'agent', words: agent[1] ?? '', from: caret - (agent[1] ?? '').length - 1, to: caret }
  return null
}

const promptNames = ['explain', 'review', 'test', 'fix', 'summarize', 'stop', 'new'] as const
export type PromptName = (typeof promptNames)[number]
/** Those that do something at once, and bring no words of their own. */
export const isCommand = (name: PromptName): name is 'stop' | 'new' => name === 'stop' || name === 'new'

/** The prompts that begin like this, in the reader's language or by their English names. */
export function matchingPrompts(words: string, wordOf: (name: PromptName) => string): PromptName[] {
  const wanted = words.toLowerCase()
  return promptNames.filter((name) => name.startsWith(wanted) || wordOf(name).toLowerCase().startsWith(wanted))
}
