/** Where an economy stands in the grid. */
export interface Tile {
  /** ISO 3166-1 alpha-2, or whatever the operator's own table uses. */
  readonly code: string
  readonly column: number
  readonly row: number
  /** What is written in the tile; the code when absent. Names belong to the community. */
  readonly label?: string | undefined
}

/**
 * An arrangement of our own: every code of ISO 3166-1 once, roughly where its addresses are looked for on a map, so that
 * neighbours are found near each other. It shows no border and no size, and an operator can replace it.
 */
const world = `
.. .. .. .. .. .. .. .. .. GL .. .. .. SJ .. .. .. .. .. .. .. .. .. .. .. .. .. ..
.. .. .. .. .. .. .. .. .. .. IS FO NO SE AX FI .. .. .. .. .. .. .. .. .. .. .. ..
.. CA .. PM .. .. .. .. .. .. IE IM GB DK .. EE LV RU .. .. .. .. .. .. .. .. .. ..
.. US .. BM .. .. .. .. .. .. JE GG NL DE PL LT BY .. .. KZ .. MN .. .. .. .. .. ..
.. .. .. .. .. .. .. .. .. .. BE LU LI CZ SK UA MD GE AZ UZ KG CN KP .. .. .. .. ..
.. MX .. BS TC .. .. .. .. .. FR CH AT SI HU RO .. AM TM TJ .. .. KR JP .. .. .. ..
GT BZ CU HT DO PR VG AI .. PT AD MC SM HR RS BG TR IQ IR AF .. BT .. .. .. .. .. ..
SV HN KY JM .. VI SX MF BL ES GI VA IT BA ME MK SY LB KW PK NP BD MO HK TW .. .. ..
.. NI .. AW CW BQ KN AG GP .. .. .. MT AL GR CY IL JO BH IN .. MM LA VN .. .. MP ..
CR PA .. .. .. .. MS DM MQ MA EH DZ TN LY EG .. PS SA QA LK .. TH KH .. PH PW GU ..
.. CO VE TT GD VC LC BB CV MR ML NE TD SD ER .. YE OM AE MV .. MY SG BN .. FM MH UM
.. EC GY SR GF .. .. SN GM BF NG CM CF SS ET DJ .. .. .. IO .. ID TL .. PG NR KI ..
.. PE BR .. .. .. GW GN CI GH TG BJ GQ UG KE SO SC .. .. CC CX .. .. .. SB TV TK WF
.. BO PY .. .. .. SL LR .. .. ST GA CG RW BI TZ KM YT .. .. .. AU .. NC VU FJ WS AS
.. CL AR UY .. .. .. .. SH .. .. AO CD ZM MW MZ MG RE MU .. .. .. .. NF NZ TO NU CK
.. .. FK GS .. .. .. .. .. .. .. NA BW ZW SZ .. .. .. .. TF HM .. .. .. .. .. PF PN
.. .. .. .. AQ .. .. .. BV .. .. .. ZA LS .. .. .. .. .. .. .. .. .. .. .. .. .. ..
`

const parse = (art: string): Tile[] => art.trim().split('\n').flatMap((line, row) =>
  line.trim().split(' ').flatMap((code, column) => (code === '..' ? [] : [{ code, column, row }])))

/** Every economy of ISO 3166-1, once. */
export const worldTiles: readonly Tile[] = parse(world)

/** The fictional economies of simulated traffic. */
export const fictionalTiles: readonly Tile[] = ['XA', 'XB', 'XC', 'XD', 'XE', 'XF', 'XG', 'XH'].map((code, column) => ({ code, column, row: 0 }))

const extent = (tiles: readonly Tile[]) => ({
  columns: tiles.reduce((most, { column }) => Math.max(most, column + 1), 1),
  rows: tiles.reduce((most, { row }) => Math.max(most, row + 1), 0),
})

/**
 * The tiles for these codes: the given arrangement (the world by default), the fictional economies alone when only they
 * are there, and a last row for codes that the arrangement does not know, so that none is lost.
 */
export function tilesFor(codes: readonly string[], arrangement: readonly Tile[] = worldTiles): Tile[] {
  const fictional = new Set(fictionalTiles.map(({ code }) => code))
  const base = codes.length > 0 && codes.every((code) => fictional.has(code)) ? fictionalTiles : arrangement
  const known = new Set(base.map(({ code }) => code))
  const others = [...new Set(codes)].filter((code) => !known.has(code)).sort()
  const { columns, rows } = extent(base)
  const wide = Math.max(8, columns)
  return [...base, ...others.map((code, i) => ({ code, column: i % wide, row: rows + (rows > 0 ? 1 : 0) + Math.floor(i / wide) }))]
}

/** The tiles in reading order, wrapped to `columns`: for screens too narrow for the whole arrangement. */
export const wrapTiles = (tiles: readonly Tile[], columns: number): Tile[] =>
  tiles.toSorted((a, b) => a.row - b.row || a.column - b.column)
    .map((tile, i) => ({ ...tile, column: i % columns, row: Math.floor(i / columns) }))

export { extent as tileExtent }
