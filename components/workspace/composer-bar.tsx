'use client'

import { ArrowUp, Paperclip, Square } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useRef } from 'react'
import { useAlive } from '@/components/client/use-alive.ts'
import { Button } from '@/components/ui/button.tsx'
import { chatLimits } from '@/server/chats/schema.ts'
import { ContextMeter, QuotaLeft } from './meters.tsx'
import { useAmounts } from './money.ts'

interface Props {
  closed: boolean
  running: boolean
  maySend: boolean
  tooLong: boolean
  context: { used: number; model: string | null }
  onFiles: (files: readonly File[]) => void
  onSend: () => void
  onStop: () => void
}

/** Chooses files to go with the message. */
function FileButton({ closed, onFiles }: Pick<Props, 'closed' | 'onFiles'>) {
  const t = useTranslations('composer')
  const alive = useAlive()
  const amounts = useAmounts()
  const chooser = useRef<HTMLInputElement>(null)
  const { attachments: count, fileBytes, imageBytes } = chatLimits
  const limits = t('limits', { count, file: amounts.bytes(fileBytes), image: amounts.bytes(imageBytes) })
  return (
    <>
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        data-files
        onChange={({ target }) => {
          onFiles([...(target.files ?? [])])
          target.value = ''
        }}
      />
      <Button
        variant="ghost"
        size="icon"
        aria-label={t('attach')}
        title={`${t('attach')}: ${limits}`}
        disabled={closed || !alive}
        onClick={() => chooser.current?.click()}
      >
        <Paperclip aria-hidden />
      </Button>
    </>
  )
}

/** Below the field: files, how full the model's context is, what is left today, and the button that sends or stops. */
export function ComposerBar(props: Props) {
  const t = useTranslations('composer')
  const alive = useAlive()
  const { running } = props
  return (
    <div className="flex items-center gap-2 px-2 pb-2">
      <FileButton closed={props.closed} onFiles={props.onFiles} />
      <div className="flex min-w-0 flex-1 items-center gap-3 overflow-hidden text-faint text-xs">
        {props.tooLong ? (
          <span role="alert" className="text-bad">
            {t('tooLong', { limit: chatLimits.text })}
          </span>
        ) : (
          <>
            <ContextMeter used={props.context.used} model={props.context.model} />
            <QuotaLeft />
            <span className="truncate max-lg:hidden">{t('placeholderKeys')}</span>
          </>
        )}
      </div>
      <Button
        variant="primary"
        size="icon"
        className="rounded-full"
        aria-label={t(running ? 'stop' : 'send')}
        title={t(running ? 'stop' : 'send')}
        disabled={!alive || !(running || props.maySend)}
        onClick={running ? props.onStop : props.onSend}
      >
        {running ? <Square aria-hidden className="fill-current" /> : <ArrowUp aria-hidden />}
      </Button>
    </div>
  )
}
