import { useLocale, useTranslations } from 'next-intl'
import { GoogleMark } from '@/components/accounts/google-mark.tsx'
import { buttonStyle } from '@/components/ui/button.tsx'
import { LandingCompare } from './landing-compare.tsx'
import { ProductPicture, type Theme } from './picture.tsx'

const steps = ['issue', 'crew', 'gate', 'run'] as const
const shown = {
  proof: { name: 'criteria', width: 760, height: 330, points: ['before', 'copy', 'back'] },
  handovers: { name: 'handovers', width: 1040, height: 560, points: ['roles', 'lines', 'budget'] },
  app: { name: 'app', width: 860, height: 640, points: ['gate', 'address', 'outlive'] },
  overview: { name: 'dashboard', width: 860, height: 350, points: ['weather', 'live', 'members'] },
} as const
const facts = ['sandbox', 'sealed', 'process', 'api'] as const

interface Props {
  signedIn: boolean
  theme: Theme
  /** Whether whoever applies is let in at once. */
  betaOpen: boolean
}

function WaysIn({ signedIn, betaOpen }: Omit<Props, 'theme'>) {
  const t = useTranslations('landing')
  if (signedIn)
    return (
      <a href="/dashboard" className={buttonStyle({ variant: 'primary', size: 'lg' })}>
        {t('dashboard')}
      </a>
    )
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap gap-3">
        <a href="/sign-in" className={`${buttonStyle({ size: 'lg' })} [&_svg]:size-5`}>
          <GoogleMark />
          {t('signIn')}
        </a>
        <a href="/beta" className={buttonStyle({ variant: 'primary', size: 'lg' })}>
          {t('apply')}
        </a>
      </div>
      <p className="text-faint text-xs">{t(betaOpen ? 'betaOpen' : 'betaClosed')}</p>
    </div>
  )
}

function Steps() {
  const t = useTranslations('landing.steps')
  return (
    <ol className="grid gap-px overflow-hidden rounded-lg border bg-line sm:grid-cols-2 lg:grid-cols-4">
      {steps.map((name, at) => (
        <li key={name} className="bg-surface p-5">
          <span aria-hidden className="tabular font-mono text-accent text-xs">
            {at + 1}
          </span>
          <h2 className="mt-1.5 font-semibold text-base">{t(`${name}.title`)}</h2>
          <p className="mt-1 text-muted">{t(`${name}.text`)}</p>
        </li>
      ))}
    </ol>
  )
}

function Shown({ id, theme, turned }: { id: keyof typeof shown; theme: Theme; turned: boolean }) {
  const t = useTranslations(`landing.shown.${id}`)
  const { points, ...picture } = shown[id]
  return (
    <section className={`grid items-center gap-x-12 gap-y-5 ${turned ? 'lg:grid-cols-[3fr_2fr]' : 'lg:grid-cols-[2fr_3fr]'}`}>
      <div className={turned ? 'lg:order-last' : undefined}>
        <h2 className="text-balance font-semibold text-xl tracking-tight sm:text-2xl">{t('title')}</h2>
        <p className="mt-3 text-base text-muted leading-relaxed">{t('text')}</p>
        <ul className="mt-4 grid gap-2 border-t pt-4 text-muted">
          {points.map((point) => (
            <li key={point}>{t(`points.${point}` as 'title')}</li>
          ))}
        </ul>
      </div>
      <ProductPicture {...picture} alt={t('alt')} locale={useLocale()} theme={theme} />
    </section>
  )
}

function Facts() {
  const t = useTranslations('landing.facts')
  return (
    <ul className="grid gap-x-8 gap-y-6 sm:grid-cols-2 lg:grid-cols-4">
      {facts.map((name) => (
        <li key={name} className="border-accent border-l-2 pl-4">
          <h3 className="font-semibold">{t(`${name}.title`)}</h3>
          <p className="mt-1 text-muted">{t(`${name}.text`)}</p>
        </li>
      ))}
    </ul>
  )
}

/** The front page: what it does, pictures of it doing so, and the way in. Not a line of it needs a script. */
export function Landing({ signedIn, theme, betaOpen }: Props) {
  const t = useTranslations('landing')
  const hero = { name: 'build', width: 1200, height: 720, phone: { name: 'build-phone', width: 390, height: 620 } }
  return (
    <div className="grid gap-12 pt-6 pb-8 sm:gap-16 sm:pt-12">
      <section className="grid gap-8 sm:gap-12">
        <div className="max-w-3xl">
          <h1 className="text-balance font-semibold text-3xl tracking-tight sm:text-5xl sm:leading-[1.1]">{t('title')}</h1>
          <p className="mt-5 mb-7 max-w-2xl text-base text-muted leading-relaxed sm:text-lg">{t('text')}</p>
          <WaysIn signedIn={signedIn} betaOpen={betaOpen} />
        </div>
        <ProductPicture {...hero} alt={t('heroAlt')} locale={useLocale()} theme={theme} first />
        <Steps />
      </section>
      {Object.keys(shown).map((id, at) => (
        <Shown key={id} id={id as keyof typeof shown} theme={theme} turned={at % 2 === 1} />
      ))}
      <LandingCompare />
      <Facts />
      <section className="grid gap-6 rounded-lg border bg-surface p-6 sm:p-10">
        <div className="max-w-2xl">
          <h2 className="font-semibold text-xl tracking-tight sm:text-2xl">{t('end.title')}</h2>
          <p className="mt-3 text-base text-muted leading-relaxed">{t('honest')}</p>
        </div>
        <WaysIn signedIn={signedIn} betaOpen={betaOpen} />
      </section>
    </div>
  )
}
