/** One mail, ready to be handed in. */
export interface Message {
  /** Stable over every attempt, so that whoever delivers can tell a second one from another mail. */
  messageId: string
  from: string
  to: string
  subject: string
  text: string
  html: string
}

/** A way by which a message reaches people. */
export interface Channel {
  /** @throws MailRefusal */
  send(message: Message): Promise<void>
  /** Ends what is kept open between two mails. */
  close(): void
}

/** Why a mail was not taken. Its message holds no secret and nothing of the mail: a code, and the other server's words where they are about the receiver. */
export class MailRefusal extends Error {
  override readonly name = 'MailRefusal'

  constructor(
    readonly reason: string,
    /** True where the same mail would be refused again. */
    readonly permanent: boolean,
  ) {
    super(`the mail was not taken: ${reason}`)
  }
}
