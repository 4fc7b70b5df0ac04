/** `public/settlement.js`: Who owes whom. */
export const settlementFile = `import { call } from './api.js'
import { el } from './dom.js'
import { showMoney } from './show.js'
import { words } from './words.js'

/** Who owes whom in a group, and how each one stands. */
export async function settlementView(entity, record) {
  const { balances, payments } = await call('GET', \`\${entity.path}/\${record.id}/\${entity.settlement}\`)
  const rows = balances.map(({ name, amount }) =>
    el('tr', {}, el('th', { scope: 'row' }, name), el('td', { class: amount < 0 ? 'owes' : null }, showMoney(amount))),
  )
  const list = payments.map(({ from, to, amount }) => el('li', {}, el('span', {}, \`\${from} → \${to}\`), ' ', el('strong', {}, showMoney(amount))))
  return el(
    'section',
    { class: 'panel' },
    el('h2', {}, words.settlement),
    list.length > 0 ? el('ul', { class: 'payments' }, ...list) : el('p', { class: 'empty' }, words.settled),
    el('table', {}, el('caption', {}, words.balances), el('tbody', {}, ...rows)),
  )
}
`
