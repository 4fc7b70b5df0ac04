/** `public/fields.js`: A control for each kind of field. */
export const fieldsFile = `import { el } from './dom.js'
import { words } from './words.js'

/** Each kind of field as a control: its element, and how to read what people have put in (null for nothing). */

function control(tag, props, value, read = (node) => node.value.trim() || null) {
  const node = el(tag, props)
  if (value !== null) node.value = value
  return { node, read: () => read(node) }
}

/** What is no number goes to the server as it is, which says what it wants instead. */
function toNumber(text, factor = 1) {
  const plain = text.trim().replaceAll(',', '')
  if (plain === '') return null
  const value = Number(plain)
  return Number.isNaN(value) ? text : Number((value * factor).toFixed(6))
}

function select(props, options, value, optional) {
  const node = el(
    'select',
    props,
    (optional || value === null) && el('option', { value: '' }, optional ? words.none : words.choose),
    ...options.map(([id, text]) => el('option', { value: id, selected: id === value }, text)),
  )
  return { node, read: () => node.value || null }
}

/** One box for each of the choices, in a group of its own. */
function checkboxes(props, choices, value) {
  const boxes = choices.map((choice, place) => {
    const id = \`\${props.id}-\${place}\`
    const box = el('input', { type: 'checkbox', id, value: choice, checked: value.includes(choice) })
    return { box, row: el('div', { class: 'check' }, box, el('label', { for: id }, choice)) }
  })
  const node = el('div', { ...props, role: 'group', class: 'checks' }, ...boxes.map(({ row }) => row))
  return { node, read: () => boxes.filter(({ box }) => box.checked).map(({ box }) => box.value) }
}

const today = () => new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10)

/** What stands in a field before anybody has touched it. */
function startValue(field, choices) {
  if (field.default !== undefined) return field.default
  if (field.type === 'date' && field.required) return today()
  if (field.type === 'items') return choices
  if (field.type === 'list') return []
  return null
}

const input = (type, more = {}) => (props, value) => control('input', { ...props, type, ...more }, value)
const options = (props, value, choices, field) => select(props, choices.map((choice) => [choice, choice]), value, !field.required)

const kinds = {
  text: input('text'),
  longtext: (props, value) => control('textarea', { ...props, rows: 3 }, value),
  url: input('url', { inputmode: 'url', placeholder: 'https://' }),
  email: input('email', { inputmode: 'email' }),
  integer: (props, value) => control('input', { ...props, type: 'text', inputmode: 'numeric' }, value, (node) => toNumber(node.value)),
  decimal: (props, value) => control('input', { ...props, type: 'text', inputmode: 'decimal' }, value, (node) => toNumber(node.value)),
  cents: (props, value) => {
    const shown = value === null ? null : (value / 100).toFixed(2)
    return control('input', { ...props, type: 'text', inputmode: 'decimal', placeholder: '0.00' }, shown, (node) => toNumber(node.value, 100))
  },
  date: input('date'),
  time: input('time'),
  boolean: (props, value) => control('input', { ...props, type: 'checkbox', checked: value === true }, null, (node) => node.checked),
  list: (props, value) => {
    const split = (node) => node.value.split(',').map((entry) => entry.trim()).filter(Boolean)
    return control('input', { ...props, type: 'text' }, value.join(', '), split)
  },
  choice: options,
  item: options,
  items: ({ id, 'aria-describedby': describedBy }, value, choices) => checkboxes({ id, 'aria-describedby': describedBy }, choices, value),
  reference: (props, value, choices, field) => select(props, choices, value, !field.required),
}

/** The control of a field; \`choices\` are what it can be chosen from, \`value\` what it starts with. */
export function controlOf(field, { id, value, choices = [] }) {
  const start = value === undefined ? startValue(field, choices) : value
  const props = { id, name: field.name, autocomplete: 'off', 'aria-required': field.required ? 'true' : null, 'aria-describedby': \`\${id}-hint \${id}-error\` }
  return kinds[field.type](props, start, choices, field)
}

/** What people should know before they fill a field in. */
export function hintOf(field, choices) {
  if (field.type === 'list') return words.commas
  if (field.type === 'cents') return words.money
  if (field.type === 'reference' && choices.length === 0) return words.noneYet(field.targetLabel)
  return ''
}
`
