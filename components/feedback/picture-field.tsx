'use client'

import { Camera, ImagePlus, LoaderCircle, Trash2 } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type ClipboardEvent, type DragEvent, type ReactNode, useEffect, useId, useState } from 'react'
import { useAlive } from '@/components/client/use-alive.ts'
import { Button } from '@/components/ui/button.tsx'
import { cn } from '@/components/ui/cn.ts'
import { FieldError } from '@/components/ui/field.tsx'
import { screenshotTypes } from '@/server/feedback/schema.ts'
import { canCapture, captureScreen, NoPicture, type PictureProblem, pictureOf } from './picture.ts'

const imageOf = (items: DataTransfer): File | undefined => [...items.files].find(({ type }) => type.startsWith('image/'))

/** Gets pictures ready one after another; `take` gets those that may go along. */
export function usePictures(take: (picture: Blob | null) => void) {
  const [state, setState] = useState<{ busy: boolean; problem: PictureProblem | null }>({ busy: false, problem: null })
  const get = async (work: () => Promise<Blob | null>) => {
    setState({ busy: true, problem: null })
    try {
      const picture = await work()
      if (picture) take(picture)
      setState({ busy: false, problem: null })
    } catch (error) {
      setState({ busy: false, problem: error instanceof NoPicture ? error.problem : 'notAPicture' })
    }
  }
  const fromFile = (file: File | undefined) => file && get(() => pictureOf(file))
  /** For the whole form: words that are pasted stay words. */
  const onPaste = (event: ClipboardEvent) => {
    const file = imageOf(event.clipboardData)
    if (!file || event.clipboardData.types.includes('text/plain')) return
    event.preventDefault()
    void fromFile(file)
  }
  return { ...state, get, fromFile, onPaste }
}
type Pictures = ReturnType<typeof usePictures>

function useAddressOf(picture: Blob | null): string | null {
  const [address, setAddress] = useState<string | null>(null)
  useEffect(() => {
    if (!picture) return setAddress(null)
    const made = URL.createObjectURL(picture)
    setAddress(made)
    return () => URL.revokeObjectURL(made)
  }, [picture])
  return address
}

/** A picture by file, drop, paste or from the screen, shown before it goes anywhere. */
export function PictureField(props: {
  picture: Blob | null
  pictures: Pictures
  error: string | null
  onRemove: () => void
  /** Lets whatever stands in the way of the picture hide itself meanwhile. */
  onCapture: (capturing: boolean) => void
}) {
  const t = useTranslations('feedback.picture')
  const id = useId()
  const address = useAddressOf(props.picture)
  const { busy, problem, get } = props.pictures
  // The server cannot know what the browser can do.
  const alive = useAlive()
  const error = props.error ?? (problem ? t(problem) : null)
  const capture = () =>
    get(async () => {
      props.onCapture(true)
      try {
        return await captureScreen()
      } finally {
        props.onCapture(false)
      }
    })
  return (
    <div className="grid gap-1.5">
      <p id={`${id}-label`} className="font-medium text-sm">
        {t('label')} <span className="font-normal text-faint">· {t('optional')}</span>
      </p>
      {address ? (
        <Preview address={address} onRemove={props.onRemove} />
      ) : (
        <Drop id={id} busy={busy} onFile={props.pictures.fromFile}>
          {alive && canCapture() && (
            <Button size="sm" disabled={busy} onClick={capture}>
              <Camera aria-hidden />
              {t('capture')}
            </Button>
          )}
        </Drop>
      )}
      {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
    </div>
  )
}

function Preview({ address, onRemove }: { address: string; onRemove: () => void }) {
  const t = useTranslations('feedback.picture')
  return (
    <div className="relative overflow-hidden rounded-lg border bg-sunken">
      {/* biome-ignore lint/performance/noImgElement: the picture is in this browser alone. */}
      <img src={address} alt={t('preview')} className="mx-auto max-h-52 w-auto max-w-full object-contain" />
      <Button size="sm" onClick={onRemove} className="absolute top-2 right-2">
        <Trash2 aria-hidden />
        {t('remove')}
      </Button>
    </div>
  )
}

function Drop(props: { id: string; busy: boolean; onFile: (file: File | undefined) => void; children: ReactNode }) {
  const t = useTranslations('feedback.picture')
  const [over, setOver] = useState(false)
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    props.onFile(event.dataTransfer.files[0])
  }
  const Icon = props.busy ? LoaderCircle : ImagePlus
  return (
    <div className="grid justify-items-start gap-2">
      <label
        htmlFor={props.id}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
        className={cn(
          'flex w-full cursor-pointer items-center gap-3 rounded-lg border-2 border-line-strong/60 border-dashed px-4 py-4 hover:bg-sunken has-focus-visible:outline-2 has-focus-visible:outline-accent',
          over && 'border-accent bg-accent-soft',
        )}
      >
        <Icon aria-hidden className={cn('size-5 shrink-0 text-faint', props.busy && 'animate-spin-slow')} />
        <span className="min-w-0">
          <span className="block text-sm">{props.busy ? t('working') : t('drop')}</span>
          <span className="block text-faint text-xs">{t('kinds')}</span>
        </span>
        <input
          id={props.id}
          type="file"
          accept={screenshotTypes.join(',')}
          disabled={props.busy}
          className="sr-only"
          onChange={({ target }) => {
            props.onFile(target.files?.[0])
            // The same file again is a choice, too.
            target.value = ''
          }}
        />
      </label>
      {props.children}
    </div>
  )
}
