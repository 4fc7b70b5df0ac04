'use client'

import { Languages } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useLocale, useTranslations } from 'next-intl'
import { useTransition } from 'react'
import { keepPreference } from '@/components/client/preferences.ts'
import { useAlive } from '@/components/client/use-alive.ts'
import { Button } from '@/components/ui/button.tsx'
import { Menu, MenuContent, MenuRadioGroup, MenuRadioItem, MenuTrigger } from '@/components/ui/menu.tsx'

// Each language is named in itself, so it is found by whoever reads no other.
const names = { en: 'English', ko: '한국어' } as const

/** Chooses the language; the choice is kept in a cookie and the page is read anew. */
export function LocaleSwitch() {
  const t = useTranslations('shell')
  const router = useRouter()
  const alive = useAlive()
  const [pending, start] = useTransition()
  const change = (locale: string) =>
    start(async () => {
      await keepPreference('locale', locale)
      router.refresh()
    })
  return (
    <Menu>
      <MenuTrigger asChild>
        <Button
          variant="ghost"
          size="icon"
          aria-label={t('language')}
          aria-busy={pending}
          disabled={!alive}
          className="disabled:opacity-100"
        >
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
