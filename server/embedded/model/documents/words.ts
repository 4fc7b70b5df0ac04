/** Chooses between the English and the Korean words for one thing. */
export type Say = (english: string, korean: string) => string

export function say(language: 'en' | 'ko'): Say {
  return (english, korean) => (language === 'ko' ? korean : english)
}
