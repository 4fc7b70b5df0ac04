import { expect, it } from 'vitest'
import { chooseTheme } from './themes.ts'

it("believes the account, then the cookie, then the person's machine", () => {
  expect(chooseTheme('dark', 'light')).toBe('light')
  expect(chooseTheme('dark', null)).toBe('dark')
  expect(chooseTheme('neon', 'light')).toBe('light')
  expect(chooseTheme(undefined, 'dark')).toBe('dark')
  expect(chooseTheme(undefined, null)).toBe('system')
  expect(chooseTheme(undefined, 'constructor')).toBe('system')
})
