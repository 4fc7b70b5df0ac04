/** `public/toolbar.js`: Search and filters. */
export const toolbarFile = `import { el } from './dom.js'
import { words } from './words.js'

/** The control for one filter: a choice where the values are known, else a field of the same kind. */
function filterControl(field, props, references) {
  const known = { boolean: [['true', words.yes], ['false', words.no]], choice: field.choices?.map((one) => [one, one]), reference: references.get(field.target) }[field.type]
  if (!known) return el('input', { ...props, type: ['date', 'time'].includes(field.type) ? field.type : 'search' })
  return el('select', props, el('option', { value: '' }, words.all), ...known.map(([value, text]) => el('option', { value }, text)))
}

/** Search and filters; \`changed\` gets the query each time it changes. Answers the element and a way to set a filter from elsewhere. */
export function toolbar(entity, references, changed) {
  const controls = []
  const query = () => Object.fromEntries(controls.map(({ param, node }) => [param, node.value.trim()]).filter(([, value]) => value !== ''))
  let timer
  const ask = () => {
    button.hidden = Object.keys(query()).length === 0
    changed(query())
  }
  const soon = () => {
    clearTimeout(timer)
    timer = setTimeout(ask, 200)
  }
  const put = (param, label, node) => {
    controls.push({ param, node })
    node.addEventListener('input', soon)
    return el('div', { class: 'field' }, el('label', { for: node.id }, label), node)
  }
  const rows = []
  if (entity.search) rows.push(put('q', words.search, el('input', { id: \`\${entity.name}-search\`, type: 'search' })))
  for (const { field: name, param } of entity.filters) {
    const field = entity.fields.find((one) => one.name === name)
    rows.push(put(param, words.filterBy(field.label), filterControl(field, { id: \`\${entity.name}-filter-\${param}\` }, references)))
  }
  const clear = () => {
    for (const { node } of controls) node.value = ''
    ask()
  }
  const set = (param, value) => {
    for (const control of controls) if (control.param === param) control.node.value = value
    ask()
  }
  const button = el('button', { type: 'button', class: 'quiet', hidden: true, onclick: clear }, words.clear)
  return { element: rows.length > 0 ? el('div', { class: 'toolbar', role: 'search' }, ...rows, button) : null, set }
}
`
