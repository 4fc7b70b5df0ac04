import type { ServiceView } from '../schema.ts'

/** How the version in use is watched, and whether it could be started again. */
export type CurrentView = Pick<ServiceView, 'monitoring' | 'monitoringUnreadable' | 'runUnreadable'>
