import { agents } from './agents.ts'
import { artifacts } from './artifacts.ts'
import { builds } from './builds.ts'
import { chatFiles } from './chat-files.ts'
import { chats } from './chats.ts'
import { consoles } from './consoles.ts'
import { deployments } from './deployments.ts'
import { documents } from './documents.ts'
import { issue } from './issue.ts'
import { pictures } from './pictures.ts'
import type { Scope, Source } from './types.ts'

/** Every source, in the order in which a round walks them: what people look at first, first. */
export const sources: readonly Source[] = [
  ...issue,
  ...builds,
  ...deployments,
  ...artifacts,
  ...consoles,
  ...agents,
  ...documents,
  ...chats,
  ...chatFiles,
  ...pictures,
]

/** The sources of a project, or of the platform. */
export const sourcesOf = (scope: Scope): readonly Source[] => sources.filter(({ of }) => of === (scope ? 'project' : 'platform'))
