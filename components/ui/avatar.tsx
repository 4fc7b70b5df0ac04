'use client'

import { Avatar as Radix } from 'radix-ui'

/** A person's picture, or the first letter of the name until there is one. */
export function Avatar({ name, image }: { name: string; image: string | null }) {
  return (
    <Radix.Root className="inline-flex size-7 select-none overflow-hidden rounded-full bg-accent-soft">
      {image && <Radix.Image src={image} alt="" referrerPolicy="no-referrer" className="size-full object-cover" />}
      <Radix.Fallback className="flex size-full items-center justify-center font-semibold text-accent text-xs">
        {(/[\p{L}\p{N}]/u.exec(name)?.[0] ?? '?').toUpperCase()}
      </Radix.Fallback>
    </Radix.Root>
  )
}
