import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import { Scroller } from './scroller.tsx'

it('is in the keyboard’s reach from the first frame on, before anybody could measure it', () => {
  expect(renderToStaticMarkup(<Scroller className="overflow-auto">text</Scroller>)).toBe(
    '<div tabindex="0" class="overflow-auto">text</div>',
  )
})
