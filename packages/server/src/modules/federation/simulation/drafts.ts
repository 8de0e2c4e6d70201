import { formatMillis } from '@hirundo/base'
import type { Draft } from '../core/entry.ts'
import { SALT_BYTES } from '../core/entry.ts'
import type { SeededRandom } from './random.ts'

const START_MS = Date.UTC(2026, 0, 1)
const payload_chars_max = 600

/** An entry of invented content; its clock may be wrong by a year, since it orders nothing. */
export function randomDraft(random: SeededRandom, clock_error_ms: number, kind_version: number): Draft {
  const fill = 'x'.repeat(random.below(payload_chars_max))
  // One in forty has a payload that is no JSON: refused for ever, and the lane goes on.
  const text = random.chance(0.025) ? `{"fill":${fill}` : JSON.stringify({ fill, number: random.word() })
  const isKnown = kind_version > 1 || random.chance(0.9)
  return {
    kind: isKnown ? 'sample' : 'curiosity',
    kind_version,
    critical: isKnown,
    object: random.uuid(),
    object_version: 1,
    previous: null,
    label: 'tlp:green operations',
    claimed: formatMillis(START_MS + clock_error_ms + random.below(86_400_000)),
    salt: random.bytes(SALT_BYTES),
    payload: Buffer.from(text),
  }
}
