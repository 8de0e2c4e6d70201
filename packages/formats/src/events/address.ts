import { parseAddress } from '@hirundo/base'

/** Dotted IPv4 as 16 bytes without detours: logs name an address or two in each line. */
function dotted(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(16)
  bytes[10] = bytes[11] = 0xff
  let part = 0
  let digits = 0
  let value = 0
  for (let at = 0; at <= text.length; at++) {
    const sign = at === text.length ? 0x2e : text.charCodeAt(at)
    if (sign === 0x2e) {
      if (digits === 0 || part === 4) return undefined
      bytes[12 + part++] = value
      digits = value = 0
      continue
    }
    const digit = sign - 0x30
    if (!(digit >= 0 && digit <= 9) || (digits > 0 && value === 0)) return undefined
    value = value * 10 + digit
    if (++digits > 3 || value > 255) return undefined
  }
  return part === 4 ? bytes : undefined
}

/** Sixteen bytes of an address in text, IPv4 mapped; a zone (`%eth0`) is left out. Undefined: it is none. */
export function addressOf(value: unknown): Uint8Array | undefined {
  if (typeof value !== 'string' || value.length < 2 || value.length > 64) return undefined
  if (!value.includes(':')) return dotted(value)
  const zone = value.indexOf('%')
  const address = parseAddress(zone < 0 ? value : value.slice(0, zone))
  return address.ok ? address.value : undefined
}
