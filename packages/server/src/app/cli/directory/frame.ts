import { readFile } from 'node:fs/promises'
import { listTeams, type ApiClient, type TeamRow } from '@hirundo/contract'
import { InvalidArgumentError } from 'commander'
import { OperatorError } from '../../../platform/operator-error.ts'
import { take } from '../frame.ts'

/** The team of an id, short name or name. Throws OperatorError when there is none, or several. */
export async function findTeam(client: ApiClient, text: string): Promise<TeamRow> {
  const { teams } = take(await client.call(listTeams, { query: { name: text, limit: 10 } }))
  const exactly = teams.filter(({ id, short_name }) => id === text || short_name.toLowerCase() === text.toLowerCase())
  const found = exactly.length === 1 ? exactly : teams
  if (found.length === 1) return found[0]!
  throw new OperatorError(found.length === 0 ? `No team is called "${text}".` : `Several teams are called "${text}".`, '"hirundo teams" shows them with their ids.')
}

/** The one entry that `text` means, by id or by one of its names. Throws OperatorError with where to look. */
export function oneOf<T extends { readonly id: string }>(rows: readonly T[], text: string, names: (row: T) => readonly string[], what: string, list: string): T {
  const found = rows.filter((row) => row.id === text || names(row).some((name) => name.toLowerCase() === text.toLowerCase()))
  if (found.length === 1) return found[0]!
  throw new OperatorError(found.length === 0 ? `No ${what} is called "${text}".` : `Several are called "${text}".`, `"${list}" shows them with their ids.`)
}

const file_bytes_max = 16 * 1024 * 1024

/** A file's bytes. Throws OperatorError when it cannot be read or is larger than the node takes. */
export async function fileOf(path: string): Promise<Buffer> {
  let bytes: Buffer
  try {
    bytes = await readFile(path)
  } catch (error) {
    throw new OperatorError(`The file cannot be read: ${(error as Error).message}`, 'Check its name.')
  }
  if (bytes.length > file_bytes_max) throw new OperatorError('The file has more than 16 MiB.', 'Split it.')
  return bytes
}

/** `KEY=VALUE`, collected. */
export function pairs(text: string, before: Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('It looks like NAME=VALUE.')
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) }
}
