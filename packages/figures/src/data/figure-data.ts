export type Cell = string | number | boolean | null
export interface FigureColumn {
  /** Name in files, snake_case with the unit last. */
  readonly key: string
  /** Title for people, translated; files use the key. */
  readonly label: string
}

/** Of packets that were counted: a sensor that is live watches all the time. */
export interface Coverage {
  readonly sensors_live: number
  readonly sensors_total: number
  readonly sensor_equivalents?: number | undefined
  readonly dropped?: number | undefined
}
/** Of what answering sensors heard: who heard nothing may not answer anybody. */
export interface HeardCoverage {
  readonly sensors_heard: number
  readonly sensors_total: number
}

/** A figure's numbers and everything that is needed to judge and to repeat it; what is downloaded, in every form. */
export interface FigureData {
  /** Letters, digits and -; the name of the file. */
  readonly id: string
  readonly title: string
  /** The request that gives these numbers, without host and token. */
  readonly query: { readonly method: string, readonly path: string, readonly search: string }
  /** RFC 3339. */
  readonly from: string
  readonly to: string
  readonly coverage: Coverage | HeardCoverage | null
  readonly simulated: boolean
  /** As `location-of-address-not-of-actor`. */
  readonly note: string | null
  readonly columns: readonly FigureColumn[]
  readonly rows: readonly Readonly<Record<string, Cell>>[]
}

/** As `GET /api/v1/top/ports?from=…`. */
export const queryText = ({ query }: Pick<FigureData, 'query'>): string =>
  `${query.method} ${query.path}${query.search === '' || query.search.startsWith('?') ? '' : '?'}${query.search}`

/** The figure as JSON, indented: query, period, coverage, simulated and note stand before the rows. */
export function figureJson(data: FigureData): string {
  const { query, columns, rows, ...rest } = data
  const keys = columns.map(({ key }) => key)
  return `${JSON.stringify({
    ...rest,
    query: queryText({ query }),
    columns: keys,
    rows: rows.map((row) => Object.fromEntries(keys.map((key) => [key, row[key] ?? null]))),
  }, null, 2)}\n`
}
