const esc = '\\u001b'
/** Escape sequences of terminals, and control characters that no text needs. */
const controls = new RegExp(
  [
    `${esc}\\][^\\u0007${esc}]*(?:\\u0007|${esc}\\\\)?`,
    `${esc}\\[[0-9;?]*[ -/]*[@-~]?`,
    `${esc}[@-_]?`,
    '[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001a\\u007f-\\u009f]',
  ].join('|'),
  'g',
)
/** Characters that turn the reading direction of what follows, wherever it ends: code can be made to look like other code with them. */
const turning = /[\u202a-\u202e\u2066-\u2069]/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: it looks for them.
const suspicious = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/

/** A text from outside as it may be shown: without what a terminal would obey, and with whatever turns its direction written out. */
export function safeText(raw: string): string {
  if (!suspicious.test(raw)) return raw
  return raw
    .replace(/\r\n?/g, '\n')
    .replace(controls, '')
    .replace(turning, (char) => `[U+${char.charCodeAt(0).toString(16).toUpperCase()}]`)
}
