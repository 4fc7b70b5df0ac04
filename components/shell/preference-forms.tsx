import { useTranslations } from 'next-intl'
import { ThemeIcon } from './theme-icon.tsx'

const action = '/api/preferences'
const look =
  'flex h-9 items-center justify-center rounded-md font-medium text-muted text-xs transition-colors hover:bg-sunken hover:text-ink'

// Each language is named in itself, so it is found by whoever reads no other.
const others = { en: { locale: 'ko', name: '한국어' }, ko: { locale: 'en', name: 'English' } } as const

/** The way to the other language; a plain form, so it works before and without any script. */
export function LocaleForm({ locale }: { locale: keyof typeof others }) {
  const other = others[locale]
  return (
    <form method="post" action={action}>
      <button type="submit" name="locale" value={other.locale} lang={other.locale} className={`${look} px-2.5`}>
        {other.name}
      </button>
    </form>
  )
}

const next = { system: 'light', light: 'dark', dark: 'system' } as const

/** Goes round light, dark and the machine's own theme; a plain form as well. */
export function ThemeForm({ theme }: { theme: keyof typeof next }) {
  const t = useTranslations('shell')
  const label = t('themeNext', { now: t(`themes.${theme}`), next: t(`themes.${next[theme]}`) })
  return (
    <form method="post" action={action}>
      <button type="submit" name="theme" value={next[theme]} aria-label={label} title={label} className={`${look} w-9`}>
        <ThemeIcon theme={theme} />
      </button>
    </form>
  )
}
