import { plainName } from '../rules.ts'
import type { Compose } from './types.ts'

/** The receiver may be anybody, and knows neither us nor perhaps whoever invites: the names are shown so that no link comes of them. */
export const invitation: Compose<'invitation'> = (values, words) => {
  const [inviter, service] = [plainName(values.inviter) || words('invitation.somebody'), plainName(values.service)]
  const role = words(`invitation.roles.${values.role}`)
  return {
    subject: words('invitation.subject', { inviter, service }),
    preheader: words('invitation.preheader', { role }),
    heading: words('invitation.heading', { service }),
    greeting: words('greetingNobody'),
    paragraphs: [words('invitation.body', { inviter, service, role }), words(`invitation.can.${values.role}`)],
    button: { label: words('invitation.button'), link: values.link },
    after: [words('invitation.safe')],
    why: words('invitation.why'),
  }
}
