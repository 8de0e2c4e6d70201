import { tools, type Tools } from '../figure/tools.ts'

/** Fewer than this say little of a sender: any machine sends a few packets astray, and anybody can forge a few. */
const PACKETS_FEW = 10
/** A tool is named as likely from so many packets on, when chance alone would give far fewer. */
const TOOL_PACKETS_MIN = 3
const TOOL_OVER_CHANCE_MIN = 100

export interface Evidence {
  readonly few: boolean
  /** The tool whose fingerprint most packets carry: `likely`, or a `hint` that chance or forgery may explain. */
  readonly tool: { readonly name: string; readonly packets: number; readonly sure: 'likely' | 'hint' } | undefined
}

/** How much the packets of one address say, and no more. */
export function evidenceOf(packets: number, found: Tools): Evidence {
  const [most] = tools.map((tool) => ({ ...tool, packets: found[tool.id] })).toSorted((a, b) => b.packets - a.packets)
  const few = packets < PACKETS_FEW
  if (!most || most.packets === 0) return { few, tool: undefined }
  const by_chance = packets / most.chance
  const likely = most.packets >= TOOL_PACKETS_MIN && most.packets >= TOOL_OVER_CHANCE_MIN * by_chance
  return { few, tool: { name: most.name, packets: most.packets, sure: likely ? 'likely' : 'hint' } }
}
