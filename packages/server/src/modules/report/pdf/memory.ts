import { readdir, readFile } from 'node:fs/promises'

const KIB = 1024

/** Memory in use by all processes of a group, in bytes, as proc(5) tells it; 0 on systems that have none. */
export async function groupMemoryBytes(group: number): Promise<number> {
  const names = await readdir('/proc').catch(() => [])
  const sizes = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map((name) => memoryOf(name, group)))
  return sizes.reduce((sum, one) => sum + one, 0)
}

async function memoryOf(process: string, group: number): Promise<number> {
  const read = (file: string) => readFile(`/proc/${process}/${file}`, 'utf8').catch(() => '')
  const stat = await read('stat')
  // The name stands in brackets and may hold anything; behind it state, parent and group.
  const [, , itsGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (Number(itsGroup) !== group) return 0
  const [, resident = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(await read('status')) ?? []
  return Number(resident) * KIB
}
