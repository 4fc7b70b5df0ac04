'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Bot, Box, KeyRound, LayoutDashboard, type LucideIcon, MessagesSquare, Plus, Search, ShieldCheck, UserRound } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { type KeyboardEvent, useEffect, useId, useMemo, useState } from 'react'
import { leaveBy } from '@/components/client/leave.ts'
import { useTRPC } from '@/components/client/trpc.ts'
import { useSettled } from '@/components/client/use-settled.ts'
import { Button } from '@/components/ui/button.tsx'
import { cn } from '@/components/ui/cn.ts'
import { Dialog, DialogTrigger, PaletteContent } from '@/components/ui/dialog.tsx'
import { Kbd } from '@/components/ui/kbd.tsx'
import { jobsLimit } from '@/server/builds/schema.ts'
import { matching } from './matching.ts'

const adminPlaces = [
  { name: 'admin', href: '/admin' },
  { name: 'users', href: '/admin/users' },
  { name: 'applications', href: '/admin/applications' },
  { name: 'audit', href: '/admin/audit' },
] as const

interface Place {
  name: string
  detail: string
  href: string
  icon: LucideIcon
}

/** Where one can go. Projects beyond those that the job list names are asked for by what is typed. */
function usePlaces(typed: string, admin: boolean): Place[] {
  const t = useTranslations('shell')
  const places = useTranslations('palette.places')
  const { builds } = useTRPC()
  const { data: newest } = useQuery(builds.jobs.queryOptions())
  const search = useSettled(typed.trim(), 150)
  const beyond = search !== '' && newest?.length === jobsLimit
  const { data: found } = useQuery({ ...builds.jobs.queryOptions({ search }), enabled: beyond, placeholderData: keepPreviousData })
  const jobs = beyond ? (found ?? newest) : newest
  return useMemo(
    () => [
      ...(jobs ?? []).map(({ service, title }) => ({ name: service, detail: title, href: `/${service}`, icon: Box })),
      { name: t('dashboard'), detail: '', href: '/dashboard', icon: LayoutDashboard },
      { name: t('agents'), detail: '', href: '/agents', icon: Bot },
      { name: t('workspace'), detail: '', href: '/workspace', icon: MessagesSquare },
      { name: t('newProject'), detail: '', href: '/projects/new', icon: Plus },
      { name: places('newAgent'), detail: '', href: '/agents/new', icon: Plus },
      ...(admin
        ? adminPlaces.map(({ name, href }) => ({
            name: places(name),
            detail: href === '/admin' ? '' : places('admin'),
            href,
            icon: ShieldCheck,
          }))
        : []),
      { name: places('account'), detail: '', href: '/account', icon: UserRound },
      { name: places('tokens'), detail: '', href: '/account/tokens', icon: KeyRound },
    ],
    [jobs, t, places, admin],
  )
}

/** Types a few letters, goes there. The list is a listbox that the input steers. */
function Palette({ admin, onGo }: { admin: boolean; onGo: (href: string) => void }) {
  const t = useTranslations('palette')
  const id = useId()
  const [words, setWords] = useState('')
  const [at, setAt] = useState(0)
  const found = matching(usePlaces(words, admin), words)
  const chosen = Math.min(at, Math.max(0, found.length - 1))
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && found.length > 0) {
      event.preventDefault()
      setAt((chosen + step + found.length) % found.length)
    }
    const place = found[chosen]
    if (event.key !== 'Enter' || !place || event.nativeEvent.isComposing) return
    // The key is used up: it answers no question that comes up at once.
    event.preventDefault()
    onGo(place.href)
  }
  return (
    <>
      <input
        // biome-ignore lint/a11y/noAutofocus: the palette was opened to be typed into.
        autoFocus
        role="combobox"
        aria-expanded
        aria-controls={id}
        aria-activedescendant={found.length > 0 ? `${id}-${chosen}` : undefined}
        aria-label={t('label')}
        placeholder={t('placeholder')}
        value={words}
        onKeyDown={onKeyDown}
        onChange={({ target }) => {
          setWords(target.value)
          setAt(0)
        }}
        className="h-12 w-full border-b bg-surface px-4 outline-none placeholder:text-faint"
      />
      <div id={id} role="listbox" aria-label={t('label')} className="max-h-[50vh] overflow-y-auto p-1">
        {found.map((place, index) => (
          <PlaceOption key={place.href} id={`${id}-${index}`} place={place} chosen={index === chosen} onPick={() => onGo(place.href)} />
        ))}
        {found.length === 0 && <p className="px-3 py-6 text-center text-muted">{t('none')}</p>}
      </div>
    </>
  )
}

function PlaceOption({ id, place, chosen, onPick }: { id: string; place: Place; chosen: boolean; onPick: () => void }) {
  const Icon = place.icon
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the input above takes the keys for the whole list.
    // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the input, which names the active option.
    <div
      id={id}
      role="option"
      aria-selected={chosen}
      onClick={onPick}
      className={cn(
        'flex cursor-pointer items-center gap-2.5 rounded-md px-3 py-2 hover:bg-sunken',
        chosen && 'bg-accent-soft hover:bg-accent-soft',
      )}
    >
      <Icon aria-hidden className="size-4 shrink-0 text-faint" />
      <span className="shrink-0 font-medium">{place.name}</span>
      <span className="truncate text-faint text-xs">{place.detail}</span>
    </div>
  )
}

/** Opens with Ctrl or Command and K, from every page. */
export function CommandPalette({ admin = false }: { admin?: boolean }) {
  const t = useTranslations('palette')
  const router = useRouter()
  const [open, setOpen] = useState(false)
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey) || event.shiftKey || event.altKey) return
      event.preventDefault()
      setOpen((before) => !before)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
  const go = (href: string) => {
    setOpen(false)
    leaveBy(() => router.push(href))
  }
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button variant="ghost" size="sm" className="h-9">
          <Search aria-hidden />
          <span className="sr-only">{t('label')}</span>
          <span className="hidden lg:inline">
            <Kbd>{t('keys')}</Kbd>
          </span>
        </Button>
      </DialogTrigger>
      <PaletteContent title={t('label')}>
        <Palette admin={admin} onGo={go} />
      </PaletteContent>
    </Dialog>
  )
}
