const RELEASED_AFTER_MS = 10_000

/** Gives a text, or bytes, to the reader as a file. */
export function download(name: string, type: string, content: string | Blob): void {
  const url = URL.createObjectURL(new Blob([content], { type }))
  const link = Object.assign(document.createElement('a'), { href: url, download: name })
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), RELEASED_AFTER_MS)
}
