'use client'

import { FileText, Upload } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type DragEvent, useState } from 'react'
import { cn } from '@/components/ui/cn.ts'
import { fileLimitBytes, titleOfFile } from './draft.ts'

interface Control {
  id: string
  'aria-invalid': true | undefined
  'aria-describedby': string | undefined
}

/** Takes an issue's file, dropped or chosen. */
export function FileDrop(props: {
  control: Control
  file: { name: string; content: string } | null
  onFile: (file: { name: string; content: string }) => void
  onTooLarge: () => void
}) {
  const t = useTranslations('newProject.file')
  const [over, setOver] = useState(false)
  const take = async (file: File | undefined) => {
    if (!file) return
    if (file.size > fileLimitBytes) return props.onTooLarge()
    props.onFile({ name: file.name.slice(0, 255), content: await file.text() })
  }
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void take(event.dataTransfer.files[0])
  }
  const Icon = props.file ? FileText : Upload
  return (
    <label
      htmlFor={props.control.id}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
      className={cn(
        'flex cursor-pointer flex-col items-center gap-2 rounded-lg border-2 border-line-strong/60 border-dashed px-4 py-10 text-center hover:bg-sunken has-focus-visible:outline-2 has-focus-visible:outline-accent',
        over && 'border-accent bg-accent-soft',
        props.control['aria-invalid'] && 'border-bad',
      )}
    >
      <Icon aria-hidden className="size-7 text-faint" />
      <span className="font-medium [overflow-wrap:anywhere]">{props.file?.name ?? t('drop')}</span>
      <span className="text-faint text-xs">{props.file ? titleOfFile(props.file.content) || t('another') : t('kinds')}</span>
      <input
        {...props.control}
        type="file"
        accept=".json,.md,.markdown,.txt,application/json,text/markdown,text/plain"
        className="sr-only"
        onChange={({ target }) => void take(target.files?.[0])}
      />
    </label>
  )
}
