const depth_max = 64
const QUOTE = 0x22
const BACKSLASH = 0x5c
const opens = new Set([0x5b, 0x7b])
const closes = new Set([0x5d, 0x7d])

/** Whether brackets nest deeper than any honest request; looked at before the parser recurses into them. */
export function tooDeep(text: string): boolean {
  let depth = 0
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (quoted) {
      if (c === BACKSLASH) i++
      else if (c === QUOTE) quoted = false
    } else if (c === QUOTE) quoted = true
    else if (opens.has(c)) {
      if (++depth > depth_max) return true
    } else if (closes.has(c)) depth--
  }
  return false
}
