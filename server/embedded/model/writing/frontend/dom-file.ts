/** `public/dom.js`: What every page does with elements. */
export const domFile = `/** An element with attributes, listeners (\`onclick\`) and children; text is always text, never markup. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value)
    else node.setAttribute(name, value === true ? '' : value)
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false))
  return node
}

/** Tells people, and screen readers, what has just happened. */
export function announce(text) {
  const status = document.getElementById('status')
  status.textContent = text
  clearTimeout(announce.timer)
  announce.timer = setTimeout(() => {
    status.textContent = ''
  }, 4000)
}

/** Asks before something is lost; answers true for yes. */
export function confirmed(question, yes, no) {
  return new Promise((resolve) => {
    const dialog = el(
      'dialog',
      { 'aria-labelledby': 'question' },
      el('p', { id: 'question' }, question),
      el(
        'div',
        { class: 'actions' },
        el('button', { type: 'button', autofocus: true, onclick: () => dialog.close() }, no),
        el('button', { type: 'button', class: 'danger', onclick: () => dialog.close('yes') }, yes),
      ),
    )
    dialog.addEventListener('close', () => {
      dialog.remove()
      resolve(dialog.returnValue === 'yes')
    })
    document.body.append(dialog)
    dialog.showModal()
  })
}
`
