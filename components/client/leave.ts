type Ask = (go: () => void) => void

let asking: Ask | null = null

/** Lets a page hold up whoever would go elsewhere within this site by anything but a link: it is given the way, to be taken once that was confirmed. */
export function holdUp(ask: Ask): () => void {
  asking = ask
  return () => {
    if (asking === ask) asking = null
  }
}

/** Goes elsewhere, unless the page that is shown asks first. */
export function leaveBy(go: () => void): void {
  if (asking) asking(go)
  else go()
}
