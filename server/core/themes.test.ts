import { expect, it } from 'vitest'
import { chooseTheme } from './themes.ts'

it("believes the cookie, then the account, then the person's machine", () => {
  expect(chooseTheme('dark', 'light')).toBe('dark')
  expect(chooseTheme('neon', 'light')).toBe('light')
  expect(chooseTheme(undefined, 'dark')).toBe('dark')
  expect(chooseTheme(undefined, null)).toBe('system')
  expect(chooseTheme(undefined, 'constructor')).toBe('system')
})
