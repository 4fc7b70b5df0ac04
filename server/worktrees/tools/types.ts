/** Where one build's code lies on disk. The Git directory stands beside the trees, so nothing that works in a tree can see it. */
export interface Place {
  /** The bare repository. */
  gitDir: string
  /** The folder that holds one plain folder per role. */
  treesDir: string
}
