import { deploymentContext, serviceContext } from '@/server/deployments/service.ts'
import { columnSource } from './columns.ts'
import type { SealedColumn } from './types.ts'

const ofDeployment = (column: 'run' | 'monitoring' | 'reason'): SealedColumn => ({
  name: `deployment.${column}`,
  kind: 'deployments',
  table: 'Deployment',
  rows: '"Deployment" r WHERE r."projectId" = $1',
  key: [{ column: 'id', type: 'text' }],
  column: `${column}Sealed`,
  plain: column,
  context: ({ id = '' }) => deploymentContext(id, column),
})

const service: SealedColumn = {
  name: 'service.reason',
  kind: 'deployments',
  table: 'Service',
  rows: '"Service" r WHERE r."projectId" = $1',
  key: [{ column: 'projectId', type: 'text' }],
  column: 'reasonSealed',
  plain: 'reason',
  context: ({ projectId = '' }) => serviceContext(projectId),
}

/** How versions are run, with the values of their environment, and why they failed. */
export const deployments = [ofDeployment('run'), ofDeployment('monitoring'), ofDeployment('reason'), service].map(columnSource)
