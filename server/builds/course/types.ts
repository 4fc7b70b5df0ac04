/** A build as events and hints name it. */
export interface Named {
  buildId: string
  number: number
}
