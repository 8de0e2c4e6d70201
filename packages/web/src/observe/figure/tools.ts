/** Each tool by its own name, and one in how many packets has its fingerprint by chance (16 and 32 bits that must agree). */
export const tools = [
  { id: 'mirai', name: 'Mirai', chance: 2 ** 32 }, { id: 'zmap', name: 'ZMap', chance: 2 ** 16 }, { id: 'masscan', name: 'Masscan', chance: 2 ** 16 },
] as const
/** Packets that carry the fingerprint of each. */
export type Tools = Readonly<Record<(typeof tools)[number]['id'], number>>
