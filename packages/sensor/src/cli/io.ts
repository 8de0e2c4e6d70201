import type { Problem } from '@hirundo/base'

export const exit = { done: 0, incomplete: 1, usage: 2, revoked: 3 } as const

export const print = (text: string): void => void process.stdout.write(`${text}\n`)
export const complain = (text: string): void => void process.stderr.write(`hirundo-sensor: ${text}\n`)

/** A problem in one line, and the exit code for it. */
export function refuse(problem: Problem, titles: Readonly<Record<string, { title: string }>>): number {
  const { what, why, ...rest } = problem.detail
  const details = Object.entries(rest).map(([name, value]) => `${name} ${value}`)
  const text = [what === undefined ? titles[problem.code]?.title : String(what), why, ...details].filter((part) => part !== undefined)
  complain(text.join(': '))
  return problem.code === 'setting/invalid' ? exit.usage : exit.incomplete
}
