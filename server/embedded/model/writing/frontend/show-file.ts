/** `public/show.js`: Values as people read them. */
export const showFile = `import { el } from './dom.js'
import { app } from './model.js'
import { words } from './words.js'

const money = new Intl.NumberFormat(app.language, { minimumFractionDigits: 2, maximumFractionDigits: 2 })
const number = new Intl.NumberFormat(app.language, { maximumFractionDigits: 6 })
const day = new Intl.DateTimeFormat(app.language, { dateStyle: 'medium', timeZone: 'UTC' })

/** An amount in the currency's smallest unit, the way people write it. */
export const showMoney = (cents) => money.format(cents / 100)

/** A value as plain text; \`names\` holds the names of other records by their ids. */
export function textOf(field, value, names = new Map()) {
  if (value === null || value === undefined || value === '') return ''
  if (field.type === 'cents') return showMoney(value)
  if (field.type === 'integer' || field.type === 'decimal') return number.format(value)
  if (field.type === 'boolean') return value ? words.yes : words.no
  if (field.type === 'date') return day.format(new Date(\`\${value}T00:00:00Z\`))
  if (field.type === 'reference') return names.get(value) ?? words.gone
  return Array.isArray(value) ? value.join(', ') : String(value)
}

/** A link, but only to the web: anything else stays text. */
export function linkTo(address, text, href = address) {
  const safe = URL.canParse(address) && ['http:', 'https:'].includes(new URL(address).protocol)
  return safe ? el('a', { href, target: '_blank', rel: 'noopener noreferrer' }, text) : el('span', {}, text)
}

/** An address without what everybody knows. */
const shortened = (address) => address.replace(/^https?:\\/\\/(www\\.)?/, '').replace(/\\/$/, '')

/** A value as an element; \`open\` is where a link leads that the app counts. */
export function showValue(field, value, { names, open } = {}) {
  if (field.type === 'list' || field.type === 'items') {
    return el('ul', { class: 'chips' }, ...value.map((entry) => el('li', { class: 'chip' }, entry)))
  }
  if (field.type === 'url') return linkTo(value, shortened(value), open)
  if (field.type === 'email') return el('a', { href: \`mailto:\${encodeURIComponent(value)}\` }, value)
  return el('span', { class: field.type === 'longtext' ? 'long' : null }, textOf(field, value, names))
}

/** What people call a record. */
export function titleOf(entity, record, names) {
  const field = entity.fields.find((one) => one.name === entity.titleField)
  return (field && textOf(field, record[field.name], names)) || words.untitled
}
`
