import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { bracketMatching, foldGutter, HighlightStyle, indentOnInput, LanguageDescription, syntaxHighlighting } from '@codemirror/language'
import { languages } from '@codemirror/language-data'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import { Compartment, EditorState } from '@codemirror/state'
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'

// The colours are the interface's own, so that they change with its theme.
const look = EditorView.theme({
  '&': { color: 'var(--ink)', backgroundColor: 'var(--surface)', height: '100%', fontSize: '13px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-mono, ui-monospace, monospace)', lineHeight: '1.55' },
  '.cm-gutters': { backgroundColor: 'var(--surface)', color: 'var(--faint)', borderRight: '1px solid var(--line)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in srgb, var(--sunken) 70%, transparent)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--accent-soft)',
  },
  '.cm-matchingBracket': { backgroundColor: 'var(--run-soft)', color: 'var(--run)' },
  '.cm-searchMatch': { backgroundColor: 'var(--warn-soft)', outline: '1px solid var(--warn)' },
  '.cm-selectionMatch': { backgroundColor: 'var(--run-soft)' },
  '.cm-panels': { backgroundColor: 'var(--sunken)', color: 'var(--ink)' },
  '.cm-panel.cm-search': { padding: '6px 28px 6px 8px', fontSize: '12px', fontFamily: 'inherit' },
  '.cm-panel.cm-search label': { display: 'inline-flex', alignItems: 'center', gap: '4px', fontSize: '12px' },
  '.cm-panel.cm-search input[type=checkbox]': { margin: '0', accentColor: 'var(--accent)' },
  '.cm-panel.cm-search .cm-textfield, .cm-panel.cm-search .cm-button': {
    color: 'var(--ink)',
    backgroundColor: 'var(--surface)',
    backgroundImage: 'none',
    border: '1px solid var(--line-strong)',
    borderRadius: '6px',
    fontSize: '12px',
    padding: '3px 8px',
  },
  '.cm-panel.cm-search [name=close]': { color: 'var(--muted)', fontSize: '18px', right: '8px', top: '4px' },
  '.cm-foldPlaceholder': { backgroundColor: 'var(--sunken)', color: 'var(--muted)', border: '1px solid var(--line)' },
})

const colours = HighlightStyle.define([
  { tag: [tags.comment, tags.meta], color: 'var(--faint)' },
  { tag: [tags.keyword, tags.tagName, tags.operatorKeyword, tags.heading], color: 'var(--accent)' },
  { tag: [tags.string, tags.regexp, tags.special(tags.string)], color: 'var(--ok)' },
  { tag: [tags.number, tags.bool, tags.null, tags.typeName, tags.className, tags.link], color: 'var(--run)' },
  { tag: [tags.attributeName, tags.propertyName, tags.definition(tags.variableName)], color: 'var(--warn)' },
  { tag: [tags.deleted, tags.invalid], color: 'var(--bad)' },
  { tag: tags.strong, fontWeight: 'bold' },
  { tag: tags.emphasis, fontStyle: 'italic' },
])

interface EditorOptions {
  text: string
  path: string
  label: string
  /** What the search bar says, by its English words. */
  phrases: Record<string, string>
  onChange: (text: string) => void
  onSave: () => void
}

export interface MountedEditor {
  /** Puts another text in the place of what is there. */
  replace(text: string): void
  end(): void
}

/** Puts an editor into an element; how the language is written is loaded by the file's name. */
export function mountEditor(parent: HTMLElement, { text, path, label, phrases, onChange, onSave }: EditorOptions): MountedEditor {
  const language = new Compartment()
  let replacing = false
  const save = () => {
    onSave()
    return true
  }
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        ...[lineNumbers(), foldGutter(), history(), drawSelection(), indentOnInput(), bracketMatching(), highlightActiveLine()],
        ...[highlightSelectionMatches(), search({ top: true }), look, syntaxHighlighting(colours), language.of([])],
        keymap.of([{ key: 'Mod-s', run: save, preventDefault: true }, ...defaultKeymap, ...historyKeymap, ...searchKeymap, indentWithTab]),
        EditorState.phrases.of(phrases),
        // Line ends stay as they are in the file.
        EditorState.lineSeparator.of(text.includes('\r\n') ? '\r\n' : '\n'),
        EditorView.contentAttributes.of({ 'aria-label': label }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !replacing) onChange(update.state.sliceDoc())
        }),
      ],
    }),
  })
  const name = path.slice(path.lastIndexOf('/') + 1)
  let ended = false
  void LanguageDescription.matchFilename(languages, name)
    ?.load()
    .then((support) => {
      if (!ended) view.dispatch({ effects: language.reconfigure(support) })
    })
    .catch(() => undefined)
  return {
    replace(fresh) {
      replacing = true
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: fresh } })
      replacing = false
    },
    end() {
      ended = true
      view.destroy()
    },
  }
}
