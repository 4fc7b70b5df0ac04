import { z } from 'zod'

/** Bounds of what a role may write. */
export const treeLimits = { fileBytes: 256 * 1024, files: 300, pathLength: 200, diffBytes: 512 * 1024 } as const

/** One file of a tree, as a scaffold or a tool gives it. */
export const treeFileSchema = z.object({ path: z.string(), content: z.string() })
export type TreeFile = z.infer<typeof treeFileSchema>

/** What came of a merge: a commit, or the paths both sides changed in different ways. */
export type MergeResult = { commit: string; conflicts: [] } | { commit: null; conflicts: string[] }

/** One file of a commit. `plain` is false for what is no file of its own: a link, another repository. */
export interface CommitFile {
  path: string
  bytes: number
  /** Git's id of the content. */
  id: string
  plain: boolean
}
