/** A person the stand-in can be. The addresses end in `.localhost`, so no mail to them can leave the machine. */
export interface Identity {
  sub: string
  email: string
  name: string
}

/** The fixed identities to choose from: the administrator and two ordinary people. */
export const identities: readonly Identity[] = [
  { sub: '100000000000000000001', email: 'admin@maestro.localhost', name: 'Ada Admin' },
  { sub: '100000000000000000002', email: 'minji@maestro.localhost', name: 'Minji Kim' },
  { sub: '100000000000000000003', email: 'sam@maestro.localhost', name: 'Sam Rivers' },
]

/** The identity with this subject. */
export const identityOf = (sub: string): Identity | undefined => identities.find((identity) => identity.sub === sub)
