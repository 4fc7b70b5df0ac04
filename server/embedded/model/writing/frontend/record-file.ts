/** `public/record.js`: The page of one record; the marked lines stand only where the app settles debts. */
export const recordFile = `import { call } from './api.js'
import { details } from './card.js'
import { announce, confirmed, el } from './dom.js'
import { listView, loadReferences } from './list.js'
import { entities } from './model.js'
/*SETTLEMENT import*/
import { titleOf } from './show.js'
import { words } from './words.js'

/** A list of the record that people add to and take from, one entry at a time. */
function listEditor(entity, field, record, changed) {
  const problem = el('p', { class: 'error', role: 'alert', hidden: true })
  const attempt = async (work) => {
    try {
      await work()
      announce(words.saved)
      await changed()
    } catch (failure) {
      problem.textContent = failure.message
      problem.hidden = false
    }
  }
  const path = \`\${entity.path}/\${record.id}\`
  const take = async (entry) => {
    if (!(await confirmed(words.sure(entry, words.remove), words.remove, words.keep))) return
    const left = record[field.name].filter((one) => one !== entry)
    const change = entity.operations.includes('update') ? ['PATCH', path, { [field.name]: left }] : ['DELETE', \`\${path}/\${field.name}/\${encodeURIComponent(entry)}\`]
    await attempt(() => call(...change))
  }
  const id = \`\${entity.name}-\${field.name}-new\`
  const input = el('input', { id, type: 'text', autocomplete: 'off' })
  const put = (event) => {
    event.preventDefault()
    const entry = input.value.trim()
    if (entry !== '') attempt(() => call('PATCH', path, { [field.name]: [...record[field.name], entry] }))
  }
  const chips = record[field.name].map((entry) =>
    el('li', { class: 'chip' }, entry, el('button', { type: 'button', class: 'cross', 'aria-label': \`\${words.remove}: \${entry}\`, onclick: () => take(entry) }, '×')),
  )
  return el(
    'section',
    { class: 'panel' },
    el('h2', {}, field.label),
    el('ul', { class: 'chips' }, ...chips),
    problem,
    entity.operations.includes('update') &&
      el('form', { class: 'inline', novalidate: true, onsubmit: put }, el('div', { class: 'field' }, el('label', { for: id }, words.another), input), el('button', { type: 'submit' }, words.put)),
  )
}

/** One record with all that belongs to it. */
export async function recordView(entity, id) {
  const references = await loadReferences(entity)
  const names = new Map([...references.values()].flat())
  const top = el('div', { class: 'top' })
  const lists = []

  const refreshTop = async () => {
    const record = await call('GET', \`\${entity.path}/\${encodeURIComponent(id)}\`)
    const edited = entity.fields.filter((field) => entity.editors.includes(field.name))
    const plain = { ...entity, fields: entity.fields.filter((field) => !edited.includes(field)) }
    top.replaceChildren(
      el('h2', {}, titleOf(entity, record, names)),
      details(plain, record, { names }) ?? '',
      el(
        'div',
        { class: 'columns' },
        ...edited.map((field) => listEditor(entity, field, record, refreshAll)),
        /*SETTLEMENT call*/
      ),
    )
    return record
  }
  const refreshAll = async () => {
    const record = await refreshTop()
    await showChildren(record)
  }
  const children = el('div', {})
  const showChildren = async (record) => {
    lists.length = 0
    for (const name of entity.children) lists.push(await listView(entities[name], { parent: record, changed: refreshTop }))
    children.replaceChildren(...lists.map(({ element }) => element))
  }
  await refreshAll()
  const back = el('p', {}, el('a', { href: \`#/\${entity.name}\`, class: 'back' }, \`← \${entity.heading}\`))
  return { element: el('article', {}, back, top, children), load: refreshTop }
}
`
