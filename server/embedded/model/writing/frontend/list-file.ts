/** `public/list.js`: A list with its form. */
export const listFile = `import { call, everyRecord, pathOf } from './api.js'
import { card } from './card.js'
import { announce, confirmed, el } from './dom.js'
import { recordForm } from './form.js'
import { entities } from './model.js'
import { textOf, titleOf } from './show.js'
import { toolbar } from './toolbar.js'
import { words } from './words.js'

/** The names of all records that this entity's fields refer to: pairs of id and name for each collection. */
export async function loadReferences(entity) {
  const collections = [...new Set(entity.fields.filter((field) => field.type === 'reference').map((field) => field.target))]
  const pairs = collections.map(async (name) => {
    const records = await everyRecord(entities[name])
    return [name, records.map((record) => [record.id, titleOf(entities[name], record, new Map())])]
  })
  return new Map(await Promise.all(pairs))
}

/** Records under the heading of what they have in common; \`[['', records]]\` where the entity has no such fields. */
function groups(entity, items, names) {
  const byHeading = new Map()
  for (const item of items) {
    const fields = entity.groupBy.map((name) => entity.fields.find((field) => field.name === name))
    const heading = fields.map((field) => textOf(field, item[field.name], names)).join(' · ')
    byHeading.set(heading, [...(byHeading.get(heading) ?? []), item])
  }
  return [...byHeading]
}

function pager({ page, pageSize, total }, go) {
  const pages = Math.ceil(total / pageSize)
  if (pages <= 1) return null
  return el(
    'nav',
    { class: 'pager', 'aria-label': words.pages },
    el('button', { type: 'button', disabled: page <= 1, onclick: () => go(page - 1) }, words.previous),
    el('span', {}, words.pageOf(page, pages)),
    el('button', { type: 'button', disabled: page >= pages, onclick: () => go(page + 1) }, words.next),
  )
}

/** The list of an entity's records with its form, search and filters; \`changed\` is called after each change. */
export async function listView(entity, { parent, changed = () => {} } = {}) {
  const references = await loadReferences(entity)
  const names = new Map([...references.values()].flat())
  const state = { page: 1, query: {} }
  const side = el('div', { class: 'side' })
  const results = el('div', { class: 'results', 'aria-live': 'polite' })

  const showForm = (record) => {
    state.edited = record?.id
    const done = (stored) => {
      announce(record ? words.saved : words.added)
      showForm()
      side.querySelector('input, select, textarea')?.focus({ preventScroll: true })
      if (!record) state.page = 1
      return stored && refresh()
    }
    if (!record && !entity.operations.includes('create')) return side.replaceChildren()
    side.replaceChildren(recordForm(entity, { parent, record, references, done, cancel: () => showForm() }))
    if (record) side.scrollIntoView({ block: 'nearest' })
    if (record) side.querySelector('input, select, textarea')?.focus()
  }
  const remove = async (record) => {
    if (!(await confirmed(words.sure(titleOf(entity, record, names), entity.deleteLabel), entity.deleteLabel, words.keep))) return
    try {
      await call('DELETE', \`\${pathOf(entity, parent)}/\${record.id}\`)
      announce(words.done)
      if (state.edited === record.id) showForm()
      await refresh()
    } catch (failure) {
      results.prepend(el('p', { class: 'error', role: 'alert' }, failure.message))
    }
  }
  const visit = async (record) => {
    await call('GET', entity.counter.path.replace(/:\\w+/, encodeURIComponent(record.id)))
    await load()
  }
  const filters = toolbar(entity, references, (query) => {
    Object.assign(state, { query, page: 1 })
    load()
  })
  const go = (page) => {
    state.page = page
    load()
    results.scrollIntoView({ block: 'nearest' })
  }
  const render = (answer) => {
    const tools = { names, filterBy: filters.set, edit: showForm, remove, visit }
    const lists = groups(entity, answer.items, names).map(([heading, items]) => [
      heading !== '' && el('h3', { class: 'group' }, heading),
      el('ul', { class: 'cards' }, ...items.map((record) => card(entity, record, tools))),
    ])
    const empty = Object.keys(state.query).length > 0 ? words.nothingFound : words.empty(entity.labelPlural)
    const sums = Object.entries(answer.sums ?? {}).map(([name, sum]) => {
      const field = entity.fields.find((one) => one.name === name)
      return el('p', { class: 'sum' }, \`\${words.total(field.label)}: \`, el('strong', {}, textOf(field, sum)))
    })
    results.replaceChildren(
      el('p', { class: 'count' }, words.count(answer.total)),
      ...(answer.items.length > 0 ? lists.flat().filter(Boolean) : [el('p', { class: 'empty' }, empty)]),
      ...sums,
      pager(answer, go) ?? '',
    )
  }
  let latest = 0
  const load = async () => {
    const mine = ++latest
    try {
      const answer = await call('GET', \`\${pathOf(entity, parent)}?\${new URLSearchParams({ ...state.query, page: state.page })}\`)
      if (mine !== latest) return
      const last = Math.max(1, Math.ceil(answer.total / answer.pageSize))
      if (state.page > last) return go(last)
      render(answer)
    } catch (failure) {
      results.replaceChildren(el('p', { class: 'error', role: 'alert' }, failure.message), el('button', { type: 'button', onclick: load }, words.again))
    }
  }
  const refresh = async () => {
    await load()
    await changed()
  }

  showForm()
  await load()
  const heading = el('h2', {}, entity.heading)
  const element = el('section', { class: 'view' }, side, el('div', { class: 'main' }, heading, filters.element, results))
  return { element, load }
}
`
