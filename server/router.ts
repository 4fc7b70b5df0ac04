import { accountsRouter } from './accounts/router.ts'
import { administrationRouter } from './administration/router.ts'
import { agentsRouter } from './agents/router.ts'
import { aiRouter } from './ai/router.ts'
import { artifactsRouter } from './artifacts/router.ts'
import { auditRouter } from './audit/router.ts'
import { betaRouter } from './beta/router.ts'
import { buildsRouter } from './builds/router.ts'
import { chatsRouter } from './chats/router.ts'
import { mergeRouters, router } from './core/trpc.ts'
import { crewsRouter } from './crews/router.ts'
import { dashboardRouter } from './dashboard/router.ts'
import { deploymentsRouter } from './deployments/router.ts'
import { feedbackRouter } from './feedback/router.ts'
import { filesRouter } from './files/router.ts'
import { handoverRouter } from './handover/router.ts'
import { membersRouter } from './members/router.ts'
import { memoryRouter } from './memory/router.ts'
import { notificationsRouter } from './notifications/router.ts'
import { offboardingRouter, projectEndRouter } from './offboarding/router.ts'
import { projectsRouter } from './projects/router.ts'
import { rotationRouter } from './rotation/router.ts'
import { streamsRouter } from './streams/router.ts'
import { terminalsRouter } from './terminals/router.ts'
import { tokensRouter } from './tokens/router.ts'
import { workspaceRouter } from './workspace/router.ts'

/** The only list of tRPC routers. */
export const appRouter = router({
  accounts: accountsRouter,
  administration: administrationRouter,
  agents: agentsRouter,
  ai: aiRouter,
  artifacts: artifactsRouter,
  audit: auditRouter,
  beta: betaRouter,
  builds: buildsRouter,
  chats: chatsRouter,
  dashboard: dashboardRouter,
  deployments: deploymentsRouter,
  feedback: feedbackRouter,
  files: filesRouter,
  handover: handoverRouter,
  members: membersRouter,
  memory: memoryRouter,
  notifications: notificationsRouter,
  offboarding: offboardingRouter,
  projects: mergeRouters(projectsRouter, crewsRouter, projectEndRouter),
  rotation: rotationRouter,
  streams: streamsRouter,
  terminals: terminalsRouter,
  tokens: tokensRouter,
  workspace: workspaceRouter,
})

export type AppRouter = typeof appRouter
