import type { Stats } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'

/** A folder that is open: what is done in it is done in this very folder, wherever its path leads by now. */
export interface Folder {
  handle: FileHandle
  /** A path to what lies in it, for calls that follow no link at its end. */
  at(name: string): string
}

/** One thing in the tree, as it was met. */
export interface Found {
  path: string
  name: string
  kind: 'file' | 'folder' | 'link' | 'other'
  stat: Stats
  /** The open folder it lies in. */
  folder: Folder
}

/** Whoever asks: a person, or a tool on behalf of a model, which does not get to see everything. */
export interface Reach {
  /** The space's patterns of paths that no model gets to see; absent where a person asks. */
  denyPaths?: readonly string[]
}
