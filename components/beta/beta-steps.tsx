import { MailCheck, PencilLine, UserCheck } from 'lucide-react'
import { useTranslations } from 'next-intl'

const steps = { signIn: UserCheck, apply: PencilLine, answer: MailCheck } as const

/** How one comes into the beta, in three steps. */
export function BetaSteps({ betaOpen }: { betaOpen: boolean }) {
  const t = useTranslations('beta')
  return (
    <ol className="grid gap-5">
      {Object.entries(steps).map(([name, Icon]) => {
        const open = betaOpen && name === 'answer'
        const step = open ? ('openSteps.answer' as const) : (`steps.${name as keyof typeof steps}` as const)
        return (
          <li key={name} className="flex gap-3">
            <span className="flex size-9 shrink-0 items-center justify-center rounded-full bg-accent-soft text-accent">
              <Icon aria-hidden className="size-4.5" />
            </span>
            <div>
              <h2 className="font-semibold">{t(`${step}.title`)}</h2>
              <p className="mt-0.5 text-muted">{t(`${step}.text`)}</p>
            </div>
          </li>
        )
      })}
    </ol>
  )
}
