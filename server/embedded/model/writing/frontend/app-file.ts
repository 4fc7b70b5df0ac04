/** `public/app.js`: The start of the page; the marked parts stand only where records have pages. */
export const appFile = `import { el } from './dom.js'
import { listView } from './list.js'
import { entities, firstEntity } from './model.js'
/*RECORD import*/
import { words } from './words.js'

const main = document.getElementById('main')
const tabs = document.getElementById('tabs')
let current = null

/** \`#/<entity>\` or \`#/<entity>/<id>\`; anything else is the first list. */
function place() {
  const [name, id] = location.hash.replace(/^#\\//, '').split('/')
  const entity = Object.hasOwn(entities, name) ? entities[name] : entities[firstEntity]
  return { entity: entity.parent ? entities[firstEntity] : entity, id: entity.hasPage ? id : undefined }
}

function showTabs(active) {
  const top = Object.values(entities).filter((entity) => !entity.parent)
  tabs.hidden = top.length < 2
  tabs.replaceChildren(
    ...top.map((entity) => el('a', { href: \`#/\${entity.name}\`, 'aria-current': entity === active ? 'page' : null }, entity.heading)),
  )
}

async function show() {
  const { entity, id } = place()
  showTabs(entity)
  try {
    current = /*RECORD choice*/await listView(entity)
    main.replaceChildren(current.element)
  } catch (failure) {
    main.replaceChildren(
      el('p', { class: 'error', role: 'alert' }, failure.message),
      el('button', { type: 'button', onclick: show }, words.again),
    )
  }
}

// Others work with the same records, and links are counted in another tab.
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') current?.load()
})
addEventListener('hashchange', show)
show()
`
