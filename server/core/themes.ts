/** What a person may want the interface to look like; `system` is whatever their machine says. */
export const themes = ['light', 'dark', 'system'] as const
export type Theme = (typeof themes)[number]

/** The cookie in which a person's choice of theme is kept. */
export const themeCookie = 'maestro-theme'

const isTheme = (value: string | null | undefined): value is Theme => (themes as readonly (string | null | undefined)[]).includes(value)

/** The theme for a request: what the person chose for their account, else the cookie's, else the machine's. */
export const chooseTheme = (cookie: string | undefined, own?: string | null): Theme => [own, cookie].find(isTheme) ?? 'system'
