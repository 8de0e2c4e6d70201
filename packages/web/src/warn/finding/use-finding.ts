import { findingSeries, getFinding } from '@hirundo/contract'
import { useAnswer } from '../../api/api.ts'

const ASKED_EVERY_MS = 30_000

/** A finding that goes on changes: it is asked for again. */
export const useFinding = (id: string) => useAnswer(getFinding, { params: { id } }, { every_ms: ASKED_EVERY_MS })
export const useSeries = (id: string) => useAnswer(findingSeries, { params: { id } })
