import type { CallOutput, listFindings } from '@hirundo/contract'
import type { Format } from '../../text/make-format.ts'

/** A finding as a list has it; its view has all of this and more. */
export type Finding = CallOutput<typeof listFindings>['findings'][number]

/** How many findings there are: `10,000+` when no more were counted. */
export const countText = ({ total, total_is_more }: Pick<CallOutput<typeof listFindings>, 'total' | 'total_is_more'>, format: Format): string =>
  `${format.number(total)}${total_is_more ? '+' : ''}`
