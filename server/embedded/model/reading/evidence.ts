import { fromBlock, fromTable } from './field-blocks.ts'
import { colonAt, type Evidence, fromSentence, type Language } from './field-sentences.ts'
import { type Line, sentences } from './text.ts'

/** Sentences that are looked at for things: an issue that has more names its things long before. */
const maxSentences = 500

/** Goes through all lines once. */
export function gather(lines: Line[], language: Language): Evidence[] {
  const found: Evidence[] = []
  let left = maxSentences
  for (let at = 0; at < lines.length && left > 0; at++) {
    const line = lines[at] as Line
    if (line.section === 'outside') continue
    const block = line.kind === 'table' ? fromTable(lines, at, language) : fromBlock(lines, at, language)
    if (block) {
      found.push(block.evidence)
      at = block.end - 1
      continue
    }
    if (line.kind === 'table' || line.kind === 'heading') continue
    const item = line.kind !== 'text'
    for (const sentence of sentences(line.text).slice(0, 40)) {
      left--
      const evidence = fromSentence(sentence.slice(0, 800), item, language)
      const criterion = line.section === 'criteria' || line.kind === 'check'
      // A ticked "add a thing: its fields" says what there is; any other criterion only says what happens.
      const kept = evidence.filter(
        ({ fields, deeds }) => !criterion || fields.length === 0 || (deeds.includes('create') && colonAt(sentence) > 0),
      )
      found.push(...kept.map((one) => ({ ...one, criterion })))
    }
  }
  return found
}
