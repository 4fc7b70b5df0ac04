import type { ReactNode } from 'react'

/** A titled part of a document. */
export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="mt-6 first:mt-0">
      <h3 className="mb-2 font-semibold">{title}</h3>
      {children}
    </section>
  )
}

/** Sentences below each other; numbered ids stand in their own column. */
export function Points({ items }: { items: { id?: string; text: ReactNode }[] }) {
  return (
    <ul className="grid gap-1">
      {items.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the points of a stored document never change places.
        <li key={index} className="flex gap-3">
          <span className="tabular shrink-0 font-mono text-faint text-xs leading-5">{item.id ?? '·'}</span>
          <span className="min-w-0 [overflow-wrap:anywhere]">{item.text}</span>
        </li>
      ))}
    </ul>
  )
}
