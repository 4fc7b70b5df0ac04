import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const css = readFileSync(new URL('../../app/globals.css', import.meta.url), 'utf8')

/** Every colour of `:root` as one theme shows it: `light-dark(light, dark)`, or one for both. */
function colours(theme: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [, block = ''] of css.matchAll(/(?:^|\n):root \{([^}]*)\}/g))
    for (const [, name = '', light = '', dark = light] of block.matchAll(
      /--([\w-]+): (?:light-dark\()?(#[0-9a-f]{6})(?:, (#[0-9a-f]{6})\))?;/g,
    ))
      found[name] = theme === 'dark' ? dark : light
  return found
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

const statuses = ['ok', 'warn', 'bad', 'run', 'idle', 'accent']
const text: [string, string][] = [
  ...['ink', 'muted', 'faint', ...statuses].flatMap((name): [string, string][] =>
    ['bg', 'surface', 'sunken'].map((ground) => [name, ground]),
  ),
  ...statuses.flatMap((name): [string, string][] => [
    [name, `${name}-soft`],
    ['ink', `${name}-soft`],
  ]),
  ['on-accent', 'accent'],
  ['on-accent', 'accent-strong'],
  ['bg', 'ink'],
]

describe.each(['light', 'dark'])('the %s palette', (theme) => {
  const palette = colours(theme)
  it.each(text)('%s on %s reads well (4.5)', (front, ground) => {
    expect(contrast(palette[front] ?? '', palette[ground] ?? '')).toBeGreaterThanOrEqual(4.5)
  })
  it('the borders of controls are seen (3)', () => {
    for (const ground of ['bg', 'surface']) expect(contrast(palette['line-strong'] ?? '', palette[ground] ?? '')).toBeGreaterThanOrEqual(3)
  })
  it('the console reads well', () => {
    for (const ground of ['term-bg', 'term-raised'])
      for (const front of ['term-ink', 'term-faint'])
        expect(contrast(palette[front] ?? '', palette[ground] ?? ''), `${front} on ${ground}`).toBeGreaterThanOrEqual(4.5)
  })
})
