import type { Composition } from './types.ts'

const quoted = (text: string) =>
  text
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n')

/** The same letter without any markup. */
export function letterText({ heading, greeting, paragraphs, facts, quote, button, after = [], why }: Composition): string {
  const parts = [
    heading,
    greeting,
    ...paragraphs,
    facts?.map(({ label, value }) => `${label}: ${value}`).join('\n'),
    quote && `${quote.label}:\n${quoted(quote.text)}`,
    button && `${button.label}:\n${button.link}`,
    ...after,
    `-- \n${why}`,
  ]
  return `${parts.filter(Boolean).join('\n\n')}\n`
}
