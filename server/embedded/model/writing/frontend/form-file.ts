/** `public/form.js`: The form of a record. */
export const formFile = `import { call, pathOf } from './api.js'
import { el } from './dom.js'
import { controlOf, hintOf } from './fields.js'
import { words } from './words.js'

/** A label, its control, a hint and room for an error. */
function row(field, id, value, choices) {
  const { node, read } = controlOf(field, { id, value, choices })
  const error = el('p', { id: \`\${id}-error\`, class: 'error', hidden: true })
  const hint = hintOf(field, choices)
  const label = field.type === 'items' ? el('span', { id: \`\${id}-label\`, class: 'label' }, field.label) : el('label', { for: id }, field.label)
  if (field.type === 'items') node.setAttribute('aria-labelledby', \`\${id}-label\`)
  const head = el('div', { class: 'head' }, label, !field.required && el('span', { class: 'hint' }, words.optional))
  const parts = field.type === 'boolean' ? [el('div', { class: 'check' }, node, label)] : [head, node]
  const element = el('div', { class: 'field' }, ...parts, el('p', { id: \`\${id}-hint\`, class: 'hint', hidden: hint === '' }, hint), error)
  const fail = (message) => {
    error.textContent = message ?? ''
    error.hidden = !message
    node.toggleAttribute('aria-invalid', Boolean(message))
    if (message) node.focus()
  }
  return { name: field.name, element, read, fail }
}

/** What a field can be chosen from: given words, the parent's list, or other records. */
function choicesOf(field, parent, references) {
  if (field.choices) return field.choices
  if (field.listField) return parent?.[field.listField] ?? []
  return references.get(field.target) ?? []
}

/**
 * The form that adds a record, or changes \`record\`. \`references\` holds, for each collection, pairs of id and name.
 * \`done\` gets the stored record.
 */
export function recordForm(entity, { parent, record, references, done, cancel }) {
  const rows = entity.fields
    .filter((field) => !field.system)
    .map((field) => row(field, \`\${entity.name}-\${field.name}\`, record?.[field.name], choicesOf(field, parent, references)))
  const problem = el('p', { class: 'error', role: 'alert', hidden: true })
  const button = el('button', { type: 'submit', class: 'primary' }, record ? words.save : words.add(entity.label))

  const show = (failure) => {
    const about = rows.find((one) => one.name === failure?.field)
    for (const one of rows) one.fail(one === about ? failure.message : null)
    problem.textContent = about || !failure ? '' : failure.message
    problem.hidden = Boolean(about) || !failure
  }
  const submit = async (event) => {
    event.preventDefault()
    button.disabled = true
    show(null)
    try {
      const values = rows.map((one) => [one.name, one.read()]).filter(([, value]) => record || value !== null)
      const path = pathOf(entity, parent)
      const body = Object.fromEntries(values)
      done(record ? await call('PATCH', \`\${path}/\${record.id}\`, body) : await call('POST', path, body))
    } catch (failure) {
      show(failure)
    } finally {
      button.disabled = false
    }
  }
  return el(
    'form',
    { novalidate: true, class: 'panel', onsubmit: submit, 'aria-label': record ? words.edit : words.add(entity.label) },
    el('h2', {}, record ? words.editing(entity.label) : words.adding(entity.label)),
    ...rows.map((one) => one.element),
    problem,
    el('div', { class: 'actions' }, button, record && el('button', { type: 'button', onclick: cancel }, words.cancel)),
  )
}
`
