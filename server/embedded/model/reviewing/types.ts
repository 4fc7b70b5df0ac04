export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info'

/** One file of a release, as the rules look at it. All arrays have one entry a line. */
export interface Code {
  path: string
  kind: 'script' | 'page' | 'other'
  /** Whether it runs in the browser. */
  client: boolean
  test: boolean
  text: string
  /** Every name that stands anywhere in the file. */
  names: ReadonlySet<string>
  raw: string[]
  /** The code with comments and the insides of strings blanked out; what stands in a template's holes stays. */
  code: string[]
  comments: string[]
  /** Whether the line stands inside a `try`, or inside what answers a request. */
  inTry: boolean[]
  inHandler: boolean[]
}

/** One line of one file. */
export interface Line {
  /** Its place in the file, from 0. */
  at: number
  code: string
  raw: string
  /** The following lines up to the end of a statement, where this one is left open. */
  rest: string
  comment: string
  inTry: boolean
  inHandler: boolean
  file: Code
}

/** What a rule says about a finding: title, detail, and what would mend it. */
export type Words = readonly [title: string, detail: string, suggestion: string]

interface Named {
  severity: Severity
  category: 'security' | 'quality' | 'fault'
  en: Words
  ko: Words
}

/** A rule that looks at each line of a script: whether it strikes, or how gravely where that differs from the rule's own severity. */
export interface LineRule extends Named {
  /** Test files break most rules on purpose. */
  alsoTests?: boolean
  line: (line: Line) => Severity | boolean
}

/** A rule that looks at the whole release, or all of it that the request holds. */
export interface ReleaseRule extends Named {
  release: (files: readonly Code[]) => { path: string; line: number | null }[]
}

export type Rule = LineRule | ReleaseRule
