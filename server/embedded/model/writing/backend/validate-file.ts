/** `src/validate.js`: one check for each kind of field that the model has. */

const head = `import { Refused } from './errors.js'
import { say } from './messages.js'

/**
 * The input as a record's values: checked, trimmed, and with nothing that \`fields\` does not name. What a field leaves
 * empty is null, or an empty list. With \`partial\`, fields that the input leaves out stay out.
 */
export function validate(fields, input, { partial = false } = {}) {
  if (input === null || typeof input !== 'object' || Array.isArray(input)) throw new Refused(say.notAnObject)
  const values = {}
  for (const [name, field] of Object.entries(fields)) {
    const given = Object.hasOwn(input, name) ? input[name] : undefined
    if (field.system) {
      if (given !== undefined) throw new Refused(say.keptByTheApp(field.label), { field: name })
      if (!partial) values[name] = field.default ?? null
      continue
    }
    if (given === undefined && partial) continue
    values[name] = valueOf(field, given, (message) => {
      throw new Refused(message, { field: name })
    })
  }
  return values
}

function valueOf(field, given, refuse) {
  const value = given === undefined ? field.default : given
  const trimmed = typeof value === 'string' ? value.trim() : value
  if (trimmed === undefined || trimmed === null || trimmed === '') {
    if (field.required) refuse(say.required(field.label))
    return kinds[field.type].empty ?? null
  }
  return kinds[field.type](trimmed, field, refuse)
}
`

const text = `function text(value, field, refuse) {
  if (typeof value !== 'string') refuse(say.notText(field.label))
  const length = [...value].length
  if (length < field.minLength) refuse(say.tooShort(field.label, field.minLength))
  if (length > field.maxLength) refuse(say.tooLong(field.label, field.maxLength))
  return value
}
`

const url = `function url(value, field, refuse) {
  text(value, field, refuse)
  const address = /\\s/.test(value) || !URL.canParse(value) ? null : new URL(value)
  if (!address || !field.schemes.includes(address.protocol.slice(0, -1))) refuse(say.notAddress(field.label, field.schemes))
  return value
}
`

const email = `function email(value, field, refuse) {
  text(value, field, refuse)
  if (value.length > 254 || !/^[^\\s@<>]+@[^\\s@<>]+\\.[^\\s@<>.]+$/.test(value)) refuse(say.notEmail(field.label))
  return value
}
`

const number = `function decimal(value, field, refuse) {
  if (typeof value !== 'number' || !Number.isFinite(value)) refuse(say.notNumber(field.label))
  if (value < field.min) refuse(say.tooSmall(field.label, field.min))
  if (value > field.max) refuse(say.tooBig(field.label, field.max))
  return value
}
`

const integer = `function integer(value, field, refuse) {
  decimal(value, field, refuse)
  if (!Number.isSafeInteger(value)) refuse(say.notWhole(field.label))
  return value
}
`

const cents = `/** Money in the currency's smallest unit; bounds are told in the unit that people use. */
function cents(value, field, refuse) {
  decimal(value, { label: field.label }, refuse)
  if (!Number.isSafeInteger(value)) refuse(say.notCents(field.label))
  if (value < field.min) refuse(say.tooSmall(field.label, (field.min / 100).toFixed(2)))
  if (value > field.max) refuse(say.tooBig(field.label, (field.max / 100).toFixed(2)))
  return value
}
`

const date = `function date(value, field, refuse) {
  const day = typeof value === 'string' && /^\\d{4}-\\d{2}-\\d{2}$/.test(value) ? new Date(\`\${value}T00:00:00Z\`) : null
  if (!day || Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== value) refuse(say.notDate(field.label))
  return value
}
`

const time = `function time(value, field, refuse) {
  if (typeof value !== 'string' || !/^([01]\\d|2[0-3]):[0-5]\\d$/.test(value)) refuse(say.notTime(field.label))
  return value
}
`

const boolean = `function boolean(value, field, refuse) {
  if (typeof value !== 'boolean') refuse(say.notBoolean(field.label))
  return value
}
boolean.empty = false
`

const choice = `function choice(value, field, refuse) {
  if (!field.choices.includes(value)) refuse(say.notChoice(field.label, field.choices))
  return value
}
`

const list = `/** A list of short texts, each once. */
function list(value, field, refuse) {
  if (!Array.isArray(value) || value.some((entry) => typeof entry !== 'string')) refuse(say.notList(field.label))
  const entries = [...new Set(value.map((entry) => entry.trim()).filter((entry) => entry !== ''))]
  if (entries.length === 0 && field.required) refuse(say.required(field.label))
  if (entries.length < field.minItems) refuse(say.tooFew(field.label, field.minItems))
  if (entries.some((entry) => [...entry].length > (field.maxLength ?? 100))) refuse(say.tooLong(field.label, field.maxLength ?? 100))
  return entries
}
list.empty = []
`

/** Each kind's function, and the kinds it is written with. */
const kinds: Record<string, { code: string; name: string; needs: string[] }> = {
  text: { code: text, name: 'text', needs: [] },
  longtext: { code: '', name: 'text', needs: ['text'] },
  url: { code: url, name: 'url', needs: ['text'] },
  email: { code: email, name: 'email', needs: ['text'] },
  decimal: { code: number, name: 'decimal', needs: [] },
  integer: { code: integer, name: 'integer', needs: ['decimal'] },
  cents: { code: cents, name: 'cents', needs: ['decimal'] },
  date: { code: date, name: 'date', needs: [] },
  time: { code: time, name: 'time', needs: [] },
  boolean: { code: boolean, name: 'boolean', needs: [] },
  choice: { code: choice, name: 'choice', needs: [] },
  list: { code: list, name: 'list', needs: [] },
  reference: { code: '', name: 'text', needs: ['text'] },
  item: { code: '', name: 'text', needs: ['text'] },
  items: { code: '', name: 'list', needs: ['list'] },
}

/** The checks for the kinds of field that stand in `types`, and no others. */
export function validateFile(types: Set<string>): string {
  const needed = new Set([...types].flatMap((type) => [type, ...(kinds[type]?.needs ?? [])]))
  const code = Object.entries(kinds).flatMap(([type, kind]) => (needed.has(type) && kind.code ? [kind.code] : []))
  const table = [...types].map((type) => (kinds[type]?.name === type ? type : `${type}: ${kinds[type]?.name}`)).join(', ')
  return [head, ...code, `const kinds = { ${table} }\n`].join('\n')
}
