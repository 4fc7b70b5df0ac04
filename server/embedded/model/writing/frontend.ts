import type { AppModel } from '../app-model.ts'
import type { WrittenFile } from './code.ts'
import { apiFile } from './frontend/api-file.ts'
import { appFile } from './frontend/app-file.ts'
import { cardFile } from './frontend/card-file.ts'
import { domFile } from './frontend/dom-file.ts'
import { fieldsFile } from './frontend/fields-file.ts'
import { formFile } from './frontend/form-file.ts'
import { listFile } from './frontend/list-file.ts'
import { hasPage, modelFile } from './frontend/model-file.ts'
import { hueOf, iconFile, pageFile } from './frontend/page-file.ts'
import { recordFile } from './frontend/record-file.ts'
import { settlementFile } from './frontend/settlement-file.ts'
import { showFile } from './frontend/show-file.ts'
import { styleControls } from './frontend/style-controls.ts'
import { styleParts } from './frontend/style-parts.ts'
import { styleTheme } from './frontend/style-theme.ts'
import { toolbarFile } from './frontend/toolbar-file.ts'
import { wordsFile } from './frontend/words-file.ts'
import { rulesOf } from './shape.ts'

/** Puts each marked part of a script in its place, or takes its mark away. */
function withParts(script: string, name: string, wanted: boolean, parts: Record<string, string>): string {
  return Object.entries(parts).reduce((text, [part, code]) => {
    const mark = `/*${name} ${part}*/`
    return wanted ? text.replace(mark, code) : text.replace(new RegExp(`^ *${mark.replace(/[*/]/g, '\\$&')}\n`, 'm'), '').replace(mark, '')
  }, script)
}

function appScript(pages: boolean): string {
  return withParts(appFile, 'RECORD', pages, {
    import: "import { recordView } from './record.js'",
    choice: 'id ? await recordView(entity, id) : ',
  })
}

function recordScripts(settles: boolean): WrittenFile[] {
  const record = withParts(recordFile, 'SETTLEMENT', settles, {
    import: "import { settlementView } from './settlement.js'",
    call: 'entity.settlement && (await settlementView(entity, record)),',
  })
  const files = [{ path: 'public/record.js', content: record }]
  return settles ? [...files, { path: 'public/settlement.js', content: settlementFile }] : files
}

/** The page of the app that the model describes: `public/**`, plain modules without a build. A pure function of the model. */
export function writeFrontend(model: AppModel): WrittenFile[] {
  const pages = model.entities.some((entity) => hasPage(model, entity))
  const settles = model.entities.some((entity) => rulesOf(entity, 'settlement').length > 0)
  return [
    { path: 'public/index.html', content: pageFile(model) },
    { path: 'public/style.css', content: [styleTheme, styleControls, styleParts].join('\n').replaceAll('HUE', String(hueOf(model))) },
    { path: 'public/icon.svg', content: iconFile(model) },
    { path: 'public/model.js', content: modelFile(model) },
    { path: 'public/words.js', content: wordsFile(model.language) },
    { path: 'public/app.js', content: appScript(pages) },
    { path: 'public/api.js', content: apiFile },
    { path: 'public/dom.js', content: domFile },
    { path: 'public/show.js', content: showFile },
    { path: 'public/fields.js', content: fieldsFile },
    { path: 'public/form.js', content: formFile },
    { path: 'public/toolbar.js', content: toolbarFile },
    { path: 'public/card.js', content: cardFile },
    { path: 'public/list.js', content: listFile },
    ...(pages ? recordScripts(settles) : []),
  ]
}
