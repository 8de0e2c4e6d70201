import type { Scope } from '@hirundo/contract'
import type { TextKey } from '../text/text.tsx'

/** A page that navigation, search and the keyboard reach. */
export interface PageEntry {
  readonly path: string
  readonly name: TextKey
  /** Second key after `g`. */
  readonly key: string
  readonly needs?: Scope | 'person'
}
export interface Section {
  readonly id: string
  readonly name: TextKey
  /** Empty: this part of the loop is not built yet. */
  readonly pages: readonly PageEntry[]
}

/** The loop's words in their order, so that the product explains itself; then the node. */
export const sections: readonly Section[] = [
  { id: 'observe', name: 'shell.observe', pages: [
    { path: '/observe', name: 'shell.overview', key: 'o', needs: 'observatory:read' },
    { path: '/observe/explore', name: 'shell.explore', key: 'e', needs: 'observatory:read' },
    { path: '/observe/top/ports', name: 'shell.rankings', key: 'r', needs: 'observatory:read' },
    { path: '/observe/economies', name: 'shell.economies', key: 'm', needs: 'observatory:read' },
    { path: '/observe/compare', name: 'shell.compare', key: 'c', needs: 'observatory:read' },
    { path: '/observe/answering', name: 'shell.answering', key: 'i', needs: 'observatory:read' },
    { path: '/observe/drdos', name: 'shell.drdos', key: 'd', needs: 'observatory:read' },
    { path: '/observe/sensors', name: 'shell.sensors', key: 's', needs: 'sensors:read' },
  ] },
  { id: 'warn', name: 'shell.warn', pages: [
    { path: '/warn', name: 'warn.board', key: 'f', needs: 'findings:read' },
    { path: '/warn/campaigns', name: 'warn.campaigns', key: 'k', needs: 'findings:read' },
    { path: '/warn/forecasts', name: 'forecasts.name', key: 'l', needs: 'findings:read' },
    { path: '/warn/bulletins', name: 'bulletins.name', key: 'b', needs: 'findings:read' },
    { path: '/warn/subscriptions', name: 'subscriptions.title', key: 'u', needs: 'findings:read' },
    { path: '/warn/detectors', name: 'warn.detectors', key: 'h', needs: 'findings:read' },
  ] },
  { id: 'share', name: 'shell.share', pages: [] },
  { id: 'cases', name: 'shell.cases', pages: [] },
  { id: 'cleanup', name: 'shell.cleanup', pages: [] },
  { id: 'measure', name: 'shell.measure', pages: [
    { path: '/measure/report', name: 'shell.report', key: 'q', needs: 'observatory:read' },
  ] },
  { id: 'learn', name: 'shell.learn', pages: [] },
  { id: 'node', name: 'shell.node', pages: [
    { path: '/node/settings', name: 'shell.settings', key: ',', needs: 'node:operate' },
    { path: '/node/people', name: 'shell.people', key: 'p', needs: 'people:write' },
    { path: '/node/tokens', name: 'shell.tokens', key: 't', needs: 'tokens:write' },
    { path: '/node/audit', name: 'shell.audit', key: 'a', needs: 'audit:read' },
    { path: '/node/decoys', name: 'shell.decoys', key: 'w', needs: 'sensors:write' },
    { path: '/account', name: 'shell.account', key: 'y', needs: 'person' },
  ] },
]
export const allPages: readonly PageEntry[] = sections.flatMap(({ pages }) => pages)
