import type { FigureData } from './figure-data.ts'

const CHARACTERS_MAX = 120

/** As ISO 8601 writes an instant without the signs that file systems refuse: 20260701T0830Z. */
const compact = (instant: string): string => `${new Date(instant).toISOString().slice(0, 16).replaceAll(/[-:]/g, '')}Z`

/** What the query asks about beside the kind of figure: a port, an address, the keys of lines. */
function subjectOf({ path, search }: FigureData['query']): string[] {
  const asked = search.split(/[?&\n]/).flatMap((part) => /^key=(.*)$/.exec(part)?.[1] ?? []).map((key) => decodeURIComponent(key.replaceAll('+', ' ')))
  return [...path.split('/').slice(4).map(decodeURIComponent), ...asked]
}

const slug = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '')

/**
 * The name of a figure's file without its ending: what, about whom, from when, until when (UTC, whole minutes). CSV has no
 * place for these that every reader of it passes over.
 */
export function figureName({ id, query, from, to }: Pick<FigureData, 'id' | 'query' | 'from' | 'to'>): string {
  const words = [...new Set(subjectOf(query).map(slug))].filter((word) => word !== '' && !id.includes(word))
  return [[id, ...words].join('-').slice(0, CHARACTERS_MAX), compact(from), compact(to)].join('_')
}
