'use client'

import { Languages } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useLocale, useTranslations } from 'next-intl'
import { useTransition } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { Menu, MenuContent, MenuRadioGroup, MenuRadioItem, MenuTrigger } from '@/components/ui/menu.tsx'

// Each language is named in itself, so it is found by whoever reads no other.
const names = { en: 'English', ko: '한국어' } as const
const year = 365 * 24 * 3600

function keepLocale(locale: string) {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser we support.
  document.cookie = `maestro-locale=${locale}; path=/; max-age=${year}; samesite=lax`
}

/** Chooses the language; the choice is kept in a cookie and the page is read anew. */
export function LocaleSwitch() {
  const t = useTranslations('shell')
  const router = useRouter()
  const [pending, start] = useTransition()
  const change = (locale: string) => {
    keepLocale(locale)
    start(() => router.refresh())
  }
  return (
    <Menu>
      <MenuTrigger asChild>
        <Button variant="ghost" size="icon" aria-label={t('language')} aria-busy={pending}>
          <Languages aria-hidden />
        </Button>
      </MenuTrigger>
      <MenuContent>
        <MenuRadioGroup value={useLocale()} onValueChange={change}>
          {Object.entries(names).map(([locale, name]) => (
            <MenuRadioItem key={locale} value={locale} lang={locale}>
              {name}
            </MenuRadioItem>
          ))}
        </MenuRadioGroup>
      </MenuContent>
    </Menu>
  )
}
