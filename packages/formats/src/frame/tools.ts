/** Bits of what toolsOf and isZmapId say. */
export const tool = { mirai: 1, zmap: 2, masscan: 4 } as const

/** IP identification of ZMap before 4.1, for every kind of probe. */
export const ZMAP_ID = 54_321

/** The first TCP option of ZMap since 4.0: MSS 1460. */
const MSS_1460 = 0x020405b4
/** TCP headers of its probes "smallest" and "windows" (the default). */
const ZMAP_HEADERS: ReadonlySet<number> = new Set([24, 32])

/**
 * Tools whose probe the pure SYN at `ip` with its TCP header at `at` looks like. By chance: Mirai (sequence number =
 * destination) 2⁻³², Masscan (identification = destination ^ port ^ sequence number, both templates) 2⁻¹⁶, ZMap by
 * identification 2⁻¹⁶. ZMap since 4.1 draws the identification; its template (TTL still 200 or
 * more, window 65535, MSS 1460 first in a header of 24 or 32 bytes) is a form, not a number: no chance can be given.
 */
export function toolsOf(bytes: Uint8Array, view: DataView, ip: number, at: number, room: number): number {
  const id = view.getUint16(ip + 4)
  const sequence = view.getInt32(at + 4)
  const destination = view.getInt32(ip + 16)
  let tools = sequence === destination ? tool.mirai : 0
  if (id === ((destination ^ sequence ^ view.getUint16(at + 2)) & 0xffff)) tools |= tool.masscan
  if (id === ZMAP_ID || isZmapTemplate(bytes, view, ip, at, room)) tools |= tool.zmap
  return tools
}

function isZmapTemplate(bytes: Uint8Array, view: DataView, ip: number, at: number, room: number): boolean {
  if (bytes[ip + 8]! < 200 || view.getUint16(at + 14) !== 0xffff) return false
  const header = (bytes[at + 12]! >> 4) * 4
  return ZMAP_HEADERS.has(header) && room >= header && view.getInt32(at + 20) === MSS_1460
}
