import { findingSummary, listFindings } from '@hirundo/contract'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useAnswer } from '../../api/api.ts'
import { usePages } from '../../node/use-pages.ts'
import { boardQuery, readBoard, type BoardAsking } from './board-state.ts'

/** A warning may come at any minute: the board follows. */
const ASKED_EVERY_MS = 15_000

export const useSummary = () => useAnswer(findingSummary, {}, { every_ms: ASKED_EVERY_MS })
export const useFindings = (asking: BoardAsking) => usePages(listFindings, boardQuery(asking), { every_ms: ASKED_EVERY_MS })

/** The question in the board's address, and how to change it; each change is a step of the browser's history. */
export function useBoardAsking(): { readonly asking: BoardAsking; readonly change: (part: Partial<BoardAsking>) => void } {
  const search = useSearch({ strict: false }) as Record<string, unknown>
  const navigate = useNavigate()
  const asking = useMemo(() => readBoard(search), [search])
  return { asking, change: (part) => void navigate({ to: '.', resetScroll: false, search: boardQuery({ ...asking, ...part }) } as never) }
}
