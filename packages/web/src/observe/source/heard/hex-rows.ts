/** As many as stand beside their text on a narrow screen. */
const ROW_BYTES = 8

export interface HexRow {
  /** Place of the first byte, four hexadecimal digits. */
  readonly at: string
  readonly hex: string
  /** Printable ASCII; everything else is a dot. */
  readonly text: string
}

/** Rows of eight bytes from base64; nothing for what is no base64. */
export function hexRows(base64: string): HexRow[] {
  let binary: string
  try {
    binary = atob(base64)
  } catch {
    return []
  }
  const rows: HexRow[] = []
  for (let at = 0; at < binary.length; at += ROW_BYTES) {
    const part = Array.from(binary.slice(at, at + ROW_BYTES))
    rows.push({
      at: at.toString(16).padStart(4, '0'),
      hex: part.map((byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join(' '),
      text: part.map((byte) => (byte >= ' ' && byte <= '~' ? byte : '·')).join(''),
    })
  }
  return rows
}
