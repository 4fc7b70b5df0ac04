import { NextIntlClientProvider } from 'next-intl'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import words from '@/server/core/messages/en.json' with { type: 'json' }
import { Markdown } from './markdown.tsx'

const drawn = (text: string) =>
  renderToStaticMarkup(
    <NextIntlClientProvider locale="en" timeZone="UTC" messages={{ artifacts: words.artifacts }}>
      <Markdown text={text} />
    </NextIntlClientProvider>,
  )

it('draws Markdown, and shows one that was made to keep a page busy as it stands', () => {
  expect(drawn('# Title\n\n- [x] done')).toContain('<h1>Title</h1>')
  const busy = '*a_ '.repeat(20_000)
  expect(drawn(busy)).toContain(busy)
})
