import type { FindingState } from '@hirundo/contract'
import { useEffect, useMemo, useRef } from 'react'
import { usePageKeys } from '../../app/keys.tsx'
import { useScope } from '../../app/session.tsx'
import type { Finding } from '../words/finding.ts'

export type Act = FindingState

const rowLinks = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('[data-finding]')]
const indexOf = (links: readonly HTMLElement[]): number => links.findIndex((link) => link === document.activeElement || link.closest('tr')?.contains(document.activeElement))

/** `j` and `k` move the focus from row to row, Enter follows it as any link, and a letter acts on the row that has the focus. */
export function useBoardKeys(findings: readonly Finding[], onAct: (finding: Finding, act: Act) => void): void {
  const may_write = useScope('findings:write')
  const acted = useRef<number>(undefined)
  const keys = useMemo(() => {
    const step = (by: number) => {
      const links = rowLinks()
      const at = indexOf(links)
      links[at === -1 ? 0 : Math.min(links.length - 1, Math.max(0, at + by))]?.focus()
    }
    const act = (state: Act) => {
      const links = rowLinks()
      const at = indexOf(links)
      const id = links[at]?.dataset['finding']
      const finding = findings.find((one) => one.id === id)
      // Without a row in focus a letter chooses one first: nobody should act on what they did not see marked.
      if (finding) {
        acted.current = at
        onAct(finding, state)
      } else step(0)
    }
    return [
      { key: 'j', name: 'warn.key_next', act: () => step(1) }, { key: 'k', name: 'warn.key_previous', act: () => step(-1) },
      ...(may_write ? [
        { key: 't', name: 'warn.key_triage', act: () => act('triaged') }, { key: 'c', name: 'warn.key_confirm', act: () => act('confirmed') },
        { key: 'd', name: 'warn.key_dismiss', act: () => act('dismissed') },
      ] as const : []),
    ] as const
  }, [findings, onAct, may_write])
  usePageKeys(keys)
  useEffect(() => {
    // The row that was acted on has left the board, and the focus with it: it goes to the row that took its place.
    if (acted.current === undefined || document.activeElement !== document.body) return
    rowLinks()[Math.min(acted.current, rowLinks().length - 1)]?.focus()
  }, [findings])
}
