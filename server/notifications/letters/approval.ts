import type { Compose } from './types.ts'

export const approvalWaiting: Compose<'approvalWaiting'> = ({ link }, words) => ({
  subject: words('approvalWaiting.subject'),
  preheader: words('approvalWaiting.preheader'),
  heading: words('approvalWaiting.heading'),
  greeting: null,
  paragraphs: [words('approvalWaiting.body'), words('approvalWaiting.expires')],
  button: { label: words('approvalWaiting.button'), link },
  why: words('approvalWaiting.why'),
})
