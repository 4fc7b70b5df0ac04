'use client'

import { Monitor, Moon, Sun } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useAlive } from '@/components/client/use-alive.ts'
import { setTheme, type Theme, useTheme } from '@/components/client/use-theme.ts'
import { Button } from '@/components/ui/button.tsx'
import { Menu, MenuContent, MenuRadioGroup, MenuRadioItem, MenuTrigger } from '@/components/ui/menu.tsx'

const themes = [
  ['light', Sun],
  ['dark', Moon],
  ['system', Monitor],
] as const

/** Light, dark, or whatever the machine says. */
export function ThemeSwitch() {
  const t = useTranslations('shell')
  const alive = useAlive()
  return (
    <Menu>
      <MenuTrigger asChild>
        <Button variant="ghost" size="icon" aria-label={t('theme')} disabled={!alive} className="disabled:opacity-100">
          <Sun aria-hidden className="dark:hidden" />
          <Moon aria-hidden className="hidden dark:block" />
        </Button>
      </MenuTrigger>
      <MenuContent>
        <MenuRadioGroup value={useTheme()} onValueChange={(theme) => setTheme(theme as Theme)}>
          {themes.map(([name, Icon]) => (
            <MenuRadioItem key={name} value={name}>
              <Icon aria-hidden />
              {t(`themes.${name}`)}
            </MenuRadioItem>
          ))}
        </MenuRadioGroup>
      </MenuContent>
    </Menu>
  )
}
