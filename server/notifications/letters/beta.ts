import { plainLine, plainText } from '../rules.ts'
import type { Compose } from './types.ts'
import type { Words } from './words.ts'

const greeting = (name: string, words: Words) => (plainLine(name) ? words('greeting', { name: plainLine(name) }) : words('greetingNobody'))

export const betaReceipt: Compose<'betaReceipt'> = ({ name }, words) => ({
  subject: words('betaReceipt.subject'),
  preheader: words('betaReceipt.preheader'),
  heading: words('betaReceipt.heading'),
  greeting: greeting(name, words),
  paragraphs: [words('betaReceipt.body'), words('betaReceipt.next')],
  why: words('betaReceipt.why'),
})

export const betaNotice: Compose<'betaNotice'> = ({ link, purpose, ...values }, words) => {
  const lines = { name: values.name, email: values.email, company: values.company, teamSize: values.teamSize }
  const name = plainLine(values.name) || plainLine(values.email)
  const facts = Object.entries(lines).map(([key, value]) => ({
    label: words(`betaNotice.facts.${key as keyof typeof lines}`),
    value: plainLine(value),
  }))
  return {
    subject: words('betaNotice.subject', { name }),
    preheader: words('betaNotice.preheader', { name }),
    heading: words('betaNotice.heading'),
    greeting: null,
    paragraphs: [words('betaNotice.body')],
    facts: facts.filter(({ value }) => value !== ''),
    quote: { label: words('betaNotice.facts.purpose'), text: plainText(purpose) },
    button: { label: words('betaNotice.button'), link },
    why: words('betaNotice.why'),
  }
}

export const betaDecision: Compose<'betaDecision'> = ({ name, approved, message, link }, words) => {
  const which = approved ? 'approved' : 'rejected'
  const text = plainText(message ?? '')
  return {
    subject: words(`betaDecision.${which}.subject`),
    preheader: words(`betaDecision.${which}.preheader`),
    heading: words(`betaDecision.${which}.heading`),
    greeting: greeting(name, words),
    paragraphs: [words(`betaDecision.${which}.body`)],
    ...(text ? { quote: { label: words('betaDecision.message'), text } } : {}),
    button: { label: words(`betaDecision.${which}.button`), link },
    why: words('betaDecision.why'),
  }
}
