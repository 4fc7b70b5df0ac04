import type { AppModel } from '../app-model.ts'
import { appFile } from './backend/app-file.ts'
import { baseFiles } from './backend/base-files.ts'
import { messagesFile } from './backend/messages-file.ts'
import { routesFile } from './backend/routes-file.ts'
import * as rules from './backend/rule-files.ts'
import { testFiles } from './backend/test-files.ts'
import { validateFile } from './backend/validate-file.ts'
import type { WrittenFile } from './code.ts'
import { pointersTo, rulesOf } from './shape.ts'

/** The rules that the model has, one file each. */
function ruleFiles(model: AppModel): WrittenFile[] {
  const fields = model.entities.flatMap((entity) => entity.fields)
  const has = (kind: Parameters<typeof rulesOf>[1]) => model.entities.some((entity) => rulesOf(entity, kind).length > 0)
  const inUse = has('refuseRemoveItem') || model.entities.some((entity) => pointersTo(model, entity).length > 0)
  const files: [boolean, string, string][] = [
    [inUse, 'in-use', rules.inUse],
    [has('ordered'), 'ordered', rules.ordered],
    [has('overlap'), 'overlap', rules.overlap],
    [fields.some((field) => ['reference', 'item', 'items'].includes(field.type)), 'references', rules.references],
    [has('settlement'), 'settlement', rules.settlement],
    [fields.some((field) => field.unique), 'unique', rules.unique],
  ]
  return files.filter(([needed]) => needed).map(([, name, content]) => ({ path: `src/rules/${name}.js`, content }))
}

/** The server of the app that the model describes: `server.js`, `src/**` and its unit tests. A pure function of the model. */
export function writeBackend(model: AppModel): WrittenFile[] {
  const withSums = model.entities.some((entity) => rulesOf(entity, 'sum').length > 0)
  const types = new Set(model.entities.flatMap((entity) => entity.fields.map((field) => field.type)))
  return [
    ...baseFiles(withSums),
    { path: 'src/app.js', content: appFile(model) },
    { path: 'src/messages.js', content: messagesFile(model.language) },
    { path: 'src/validate.js', content: validateFile(types) },
    ...model.entities.map((entity) => ({ path: `src/routes/${entity.plural}.js`, content: routesFile(model, entity) })),
    ...ruleFiles(model),
    ...testFiles(model),
  ]
}
