/** One row of the table that a benchmark prints. */
export interface Line {
  readonly what: string
  readonly goal: string
  readonly reached: string
  readonly met: boolean
}

/** The rows under each other, with what is missed marked. */
export function table(lines: readonly Line[]): string {
  const rows = [{ what: 'What', goal: 'Goal', reached: 'Reached', met: '' }, ...lines.map((line) => ({ ...line, met: line.met ? 'met' : 'MISSED' }))]
  const width = (column: 'what' | 'goal' | 'reached') => Math.max(...rows.map((row) => row[column].length))
  const [what, goal, reached] = [width('what'), width('goal'), width('reached')]
  return rows.map((row) => `${row.what.padEnd(what)}  ${row.goal.padEnd(goal)}  ${row.reached.padEnd(reached)}  ${row.met}`.trimEnd()).join('\n')
}
