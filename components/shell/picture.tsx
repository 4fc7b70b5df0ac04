export type Theme = 'light' | 'dark' | 'system'

interface Picture {
  /** The files are `/pictures/<name>-<language>-<theme>.webp`. */
  name: string
  alt: string
  width: number
  height: number
}

interface Props extends Picture {
  locale: string
  theme: Theme
  /** What a narrow screen gets in its place. */
  phone?: Pick<Picture, 'name' | 'width' | 'height'>
  /** True for what is seen first; all others are loaded when they come near. */
  first?: boolean
}

const narrow = '(max-width: 639px)'
const darkMachine = '(prefers-color-scheme: dark)'

/** A picture of the product in the reader's language and theme. Its size is known beforehand, so nothing moves when it arrives. */
export function ProductPicture({ name, alt, width, height, locale, theme, phone, first }: Props) {
  const file = (of: string, dressed: 'light' | 'dark') => `/pictures/${of}-${locale}-${dressed}.webp`
  const fixed = theme === 'dark' ? 'dark' : 'light'
  const source = (of: Pick<Picture, 'name' | 'width' | 'height'>, dressed: 'light' | 'dark', ...media: string[]) => (
    <source key={media.join()} media={media.join(' and ')} srcSet={file(of.name, dressed)} width={of.width} height={of.height} />
  )
  return (
    <picture>
      {phone && theme === 'system' && source(phone, 'dark', narrow, darkMachine)}
      {phone && source(phone, fixed, narrow)}
      {theme === 'system' && source({ name, width, height }, 'dark', darkMachine)}
      <img
        src={file(name, fixed)}
        alt={alt}
        width={width}
        height={height}
        loading={first ? 'eager' : 'lazy'}
        fetchPriority={first ? 'high' : 'auto'}
        decoding="async"
        className="h-auto w-full rounded-lg border bg-surface"
      />
    </picture>
  )
}
