/** `public/card.js`: One record in a list. */
export const cardFile = `import { el } from './dom.js'
import { linkTo, showValue, titleOf } from './show.js'
import { words } from './words.js'

/** Where the app counts a visit before it leads on. */
const counted = (entity, record) => entity.counter?.path.replace(/:\\w+/, encodeURIComponent(record.id))

/** The record's name: a link to its page, or to the address that it stands for. */
function heading(entity, record, names) {
  const title = titleOf(entity, record, names)
  if (entity.hasPage) return el('a', { href: \`#/\${entity.name}/\${record.id}\` }, title)
  const target = entity.counter?.target
  return target && record[target] ? linkTo(record[target], title, counted(entity, record)) : title
}

/** The values of a record beside its name, with their labels. */
export function details(entity, record, { names, filterBy } = {}) {
  const shown = entity.fields.filter((field) => {
    const value = record[field.name]
    return field.name !== entity.titleField && !entity.groupBy.includes(field.name) && value !== null && value !== undefined && value !== '' && value?.length !== 0
  })
  const rows = shown.map((field) => {
    const open = entity.counter?.target === field.name ? counted(entity, record) : undefined
    const value = showValue(field, record[field.name], { names, open })
    const filter = entity.filters.find((one) => one.field === field.name)
    if (filter && filterBy && field.type === 'list') {
      for (const chip of value.children) {
        const text = chip.textContent
        chip.replaceChildren(el('button', { type: 'button', title: words.filterBy(field.label), onclick: () => filterBy(filter.param, text) }, text))
      }
    }
    return el('div', {}, el('dt', {}, field.label), el('dd', {}, value))
  })
  return rows.length > 0 ? el('dl', {}, ...rows) : null
}

/** One record of a list, with what can be done to it. */
export function card(entity, record, { names, filterBy, edit, remove, visit }) {
  const title = titleOf(entity, record, names)
  const can = (operation) => entity.operations.includes(operation)
  return el(
    'li',
    { class: 'card' },
    el('h3', {}, heading(entity, record, names)),
    details(entity, record, { names, filterBy }),
    el(
      'div',
      { class: 'actions' },
      entity.counter && !entity.counter.target && el('button', { type: 'button', onclick: () => visit(record) }, words.open),
      can('update') && el('button', { type: 'button', 'aria-label': \`\${words.edit}: \${title}\`, onclick: () => edit(record) }, words.edit),
      can('delete') &&
        el('button', { type: 'button', class: 'quiet', 'aria-label': \`\${entity.deleteLabel}: \${title}\`, onclick: () => remove(record) }, entity.deleteLabel),
    ),
  )
}
`
