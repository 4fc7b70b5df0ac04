/** One mail that the embedded SMTP server has taken in, without its content. */
export interface KeptMail {
  id: string
  from: string
  to: string[]
  subject: string
  at: Date
}

/** The mails of the embedded SMTP server, newest first; there is none where a real server delivers. */
export interface Mailbox {
  /** At most `limit` mails: those before the one with the id `before`, and those with a receiver in whose address `to` stands, where they are given. */
  list(page: { limit: number; before?: string; to?: string }): Promise<KeptMail[]>
  get(id: string): Promise<(KeptMail & { text: string; html: string | null }) | null>
}
