import type { CallOutput, listFindings } from '@hirundo/contract'

/** A finding as a list has it; its view has all of this and more. */
export type Finding = CallOutput<typeof listFindings>['findings'][number]
