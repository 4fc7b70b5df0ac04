'use client'

import { useSyncExternalStore } from 'react'
import { keepPreference } from './preferences.ts'

export type Theme = 'light' | 'dark' | 'system'

const root = () => document.documentElement
const machine = () => window.matchMedia('(prefers-color-scheme: dark)')
const chosen = (): Theme => (['light', 'dark'] as const).find((theme) => root().classList.contains(theme)) ?? 'system'
const isDark = () => (chosen() === 'system' ? machine().matches : chosen() === 'dark')

/** Hears of a change of the page's class, whoever made it, and of the machine's own theme. */
function subscribe(heard: () => void): () => void {
  const observer = new MutationObserver(heard)
  observer.observe(root(), { attributeFilter: ['class'] })
  const query = machine()
  query.addEventListener('change', heard)
  return () => {
    observer.disconnect()
    query.removeEventListener('change', heard)
  }
}

/** Dresses this page at once, and the coming ones by a cookie. */
export function setTheme(theme: Theme): void {
  root().classList.remove('light', 'dark')
  if (theme !== 'system') root().classList.add(theme)
  void keepPreference('theme', theme)
}

/** What the person chose. */
export const useTheme = (): Theme => useSyncExternalStore(subscribe, chosen, () => 'system')

/** Whether the page is dark now; false until it lives. */
export const useDark = (): boolean => useSyncExternalStore(subscribe, isDark, () => false)
