'use client'

import { createContext, type ReactNode, useContext, useState } from 'react'
import { Input } from '@/components/ui/input.tsx'
import { matches } from './api-document.ts'

const Typed = createContext('')

interface Props {
  /** What was asked for in the address, where the form was sent without a script. */
  initial: string
  label: string
  /** Said where nothing matches. */
  none: string
  /** The words of each operation. */
  all: readonly string[]
  children: ReactNode
}

/** A field that leaves only what matches; sent as a form it does the same on the server. */
export function ApiFilter({ initial, label, none, all, children }: Props) {
  const [typed, setTyped] = useState(initial)
  const found = all.some((words) => matches(words, typed))
  return (
    <Typed value={typed}>
      <search>
        <form action="/docs/api" onSubmit={(event) => event.preventDefault()}>
          <Input
            type="search"
            name="q"
            aria-label={label}
            placeholder={label}
            autoComplete="off"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        </form>
      </search>
      <p role="status" className={found ? 'sr-only' : 'py-8 text-center text-muted'}>
        {found ? '' : none}
      </p>
      {children}
    </Typed>
  )
}

/** Something that is there as long as one of its operations matches. */
export function ApiMatch({ words, as: Element = 'div', children }: { words: readonly string[]; as?: 'div' | 'li'; children: ReactNode }) {
  const typed = useContext(Typed)
  return <Element hidden={!words.some((one) => matches(one, typed))}>{children}</Element>
}
