import type { Check, Entity, Rule } from '../app-model.ts'
import { fieldsIn } from './lookup.ts'
import type { ReadRoute } from './routes.ts'
import { subPaths } from './routes.ts'
import { addRule } from './rules.ts'

/** Sharing costs among the people of a list: who owes whom, in the fewest payments. */

const words =
  /\bsettl\w+|\bow(?:e|es|ed)\b|\bfewest payments\b|\bbalances?\b.{0,40}\bzero\b|\bsplit (?:evenly|equally)\b|정산|나눠 (?:내|낸)|더치페이/i

type Settlement = Extract<Rule, { kind: 'settlement' }>

/** Adds the rule where the issue speaks of settling and a child entity has an amount, a payer and sharers. */
export function readSettlement(text: string, routes: ReadRoute[], entities: Entity[]): void {
  if (!words.test(text)) return
  for (const child of entities) {
    const parent = entities.find(({ name }) => name === child.parent)
    const amount =
      child.fields.find(({ type }) => type === 'cents') ?? child.fields.find(({ type }) => type === 'decimal' || type === 'integer')
    const payer = child.fields.find(({ type }) => type === 'item')
    const shares = child.fields.find(({ type }) => type === 'items')
    if (!parent || !amount || !payer || !shares?.listField) continue
    const path = subPaths(routes).find(({ of }) => of === parent.name)?.path ?? 'settlement'
    amount.type = 'cents'
    amount.required = true
    addRule(parent, {
      kind: 'settlement',
      path,
      entity: child.name,
      amount: amount.name,
      payer: payer.name,
      shares: shares.name,
      members: shares.listField,
    })
  }
}

export function settlementOf(entities: Entity[]): { entity: Entity; rule: Settlement } | null {
  for (const entity of entities) {
    const rule = entity.rules.find((one): one is Settlement => one.kind === 'settlement')
    if (rule) return { entity, rule }
  }
  return null
}

const numerals: Record<string, number> = {
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  두: 2,
  세: 3,
  네: 4,
  다섯: 5,
}

function cents(text: string): number {
  return Math.round(Number(text.replace(/,/g, '')) * 100)
}

/** A worked example: so many people, one amount, who paid for whom, and the payments that follow. */
export function settlementExample(sentence: string, entities: Entity[]): Check | null {
  const found = settlementOf(entities)
  if (!found || !fieldsIn(found.entity, sentence).some(({ name }) => name === found.rule.members)) return null
  const counted = /\b(\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten)\s+[\p{L}-]+|(두|세|네|다섯|\d{1,2}) ?명/iu.exec(sentence)
  const members = numerals[(counted?.[1] ?? counted?.[2] ?? '').toLowerCase()] ?? Number(counted?.[1] ?? counted?.[2])
  const amount = /(?:^|[\s$€£])(\d[\d,]*\.\d{2})\b/.exec(sentence)?.[1]
  const names = Array.from({ length: Math.max(0, Math.min(members, 10)) }, (_, index) => String.fromCharCode(65 + index))
  const payer = names.indexOf(
    /\bpaid by ([A-J])\b|\b([A-J]) (?:pays|paid) (?:it|for)|([A-J])(?:가|이) (?:낸|내)/.exec(sentence)?.slice(1).find(Boolean) ?? '',
  )
  const payments = [...sentence.matchAll(/\b([A-J])(?: pays| owes| gives|\s?(?:->|→))\s?([A-J]):?\s?[$€£]?(\d[\d,]*(?:\.\d{1,2})?)/g)].map(
    ([, from = '', to = '', value = '']) => ({
      from: names.indexOf(from),
      to: names.indexOf(to),
      amountCents: cents(value),
    }),
  )
  if (!amount || names.length < 2 || payer < 0 || payments.length === 0 || payments.some(({ from, to }) => from < 0 || to < 0)) return null
  const forWhom = /\bfor (?!all\b|everyone\b|each\b)((?:[A-J](?:,? and |, | & )?)+)/.exec(sentence)?.[1]
  const sharers = forWhom ? names.flatMap((name, index) => (forWhom.includes(name) ? [index] : [])) : names.map((_, index) => index)
  return { pattern: 'settlement', entity: found.entity.name, members: names.length, amountCents: cents(amount), payer, sharers, payments }
}
