/** Why a run is ended from outside: its person stopped it or was suspended, its conversation was closed, this process ends, or another one has it. */
export type EndReason = 'stopped' | 'suspended' | 'closed' | 'closing' | 'lost'

/** What a run's signal fires with. */
export class RunEnd extends Error {
  constructor(readonly reason: EndReason) {
    super(`the run was ended: ${reason}`)
  }
}

/** Takes up runs and sees them through. */
export interface Runner {
  /** How many are at work here. */
  readonly running: number
  /** Lets all runs go, so that another process goes on with them. */
  stop(): Promise<void>
}
