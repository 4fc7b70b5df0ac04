/** Bundles every program whose source exists into `dist/`. */
export function bundle(root: string): Promise<void>
