import { join } from 'node:path'
import { writeAll, type Disk } from './disk.ts'
import type { Segment } from './segment.ts'

/** Keeps evidence of damage beside the journal: a second name for a whole segment, or a copy of a cut tail. */
export interface Quarantine {
  keepSegment(segment: Segment): Promise<void>
  keepTail(segment: Segment, offset: number, tail: Uint8Array): Promise<void>
}

/** At most `files_max` files; damage beyond that is reported but not kept. Failing to keep evidence stops nothing. */
export function openQuarantine(disk: Disk, journal_directory: string, files_max: number): Quarantine {
  const directory = join(journal_directory, 'quarantine')
  const seen = new Set<string>()

  async function keep(name: string, write: (path: string) => Promise<void>): Promise<void> {
    if (seen.has(name) || seen.size >= files_max) return
    seen.add(name)
    try {
      await disk.makeDirectory(directory)
      const held = await disk.list(directory)
      if (held.length < files_max && !held.includes(name)) await write(join(directory, name))
    } catch {
      // The damage itself is reported by the caller; a full or failing disk must not turn a report into a stop.
    }
  }

  return {
    keepSegment: (segment) => keep(segment.name, (path) => disk.link(segment.path, path)),
    keepTail: (segment, offset, tail) =>
      keep(`${segment.name}.${offset}.tail`, async (path) => {
        const file = await disk.open(path, 'wx+')
        await writeAll(file, tail, 0).finally(() => file.close())
      }),
  }
}
