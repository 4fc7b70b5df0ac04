/** A goal a figure has to meet, as the documentation states it. */
export type Goal = { atMost: number } | { atLeast: number }

/** One number of a benchmark: the runs' values beside a baseline of the same run. */
export interface Figure {
  /** `p50`, `rate`, `memory`. */
  what: string
  unit: string
  /** One value per run, at least five. */
  runs: number[]
  /** What the baseline gave, one value per run; null where there is nothing to compare with. */
  baseline: number[] | null
  goal: Goal
  /** More for whoever reads the output: what stands behind a ratio, for instance. */
  note?: string
}

/** A benchmark: one file per id, which exports this as `bench`. */
export interface Bench {
  id: string
  /** What is measured, and beside what, in one sentence. */
  about: string
  run(): Promise<Figure[]>
}

/** One entry of the `--json` output. */
export interface Entry {
  value: number
  unit: string
  baseline: number | null
  ratio: number | null
  goal: string
  ok: boolean
}
