/** A quarter of a year, 1 to 4. */
export interface Quarter { readonly year: number; readonly quarter: number }

const shown = 12

export const quarterKey = ({ year, quarter }: Quarter): string => `${year}-Q${quarter}`

export function readQuarter(text: string | undefined): Quarter | undefined {
  const [, year, quarter] = /^(20\d\d|210[0-5])-Q([1-4])$/.exec(text ?? '') ?? []
  return year === undefined ? undefined : { year: Number(year), quarter: Number(quarter) }
}

const before = ({ year, quarter }: Quarter): Quarter => (quarter === 1 ? { year: year - 1, quarter: 4 } : { year, quarter: quarter - 1 })

/** The quarter that runs at `now` (UTC) and those before it, newest first. */
export function quartersUntil(now: Date): Quarter[] {
  const all: Quarter[] = [{ year: now.getUTCFullYear(), quarter: Math.floor(now.getUTCMonth() / 3) + 1 }]
  while (all.length < shown) all.push(before(all.at(-1)!))
  return all
}
