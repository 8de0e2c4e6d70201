import { mkdir, readdir } from 'node:fs/promises'
import { resolve, sep } from 'node:path'
import { fail, ok, uuidV4, type Result } from '@hirundo/base'
import { getBackup, startBackup, type BackupView } from '@hirundo/contract'
import { handle, type Actor, type Handler } from '../../platform/module.ts'
import { writeBackup, type BackupParts } from './write-backup.ts'

const remembered_max = 100

/** Makes the directory, or takes one that is empty and ours alone; its parent must exist. */
async function takeDirectory(directory: string, data_dir: string): Promise<Result<string>> {
  const path = resolve(directory)
  if (`${path}${sep}`.startsWith(`${data_dir}${sep}`)) return fail('backup/target-invalid', { reason: 'it lies in the data directory' })
  try {
    await mkdir(path, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
    const entries = (await readdir(path)).filter((name) => name !== 'lost+found')
    return entries.length === 0 ? ok(path) : fail('backup/target-invalid', { reason: 'it is not empty' })
  } catch (error) {
    return fail('backup/target-invalid', { reason: (error as NodeJS.ErrnoException).code ?? 'it cannot be made' })
  }
}

interface Running {
  view: BackupView
}

async function run(parts: BackupParts, directory: string, job: Running): Promise<void> {
  const { log } = parts.platform
  const count = (size_bytes: number) => {
    job.view = { ...job.view, files: job.view.files + 1, size_bytes: job.view.size_bytes + size_bytes }
  }
  try {
    const { files } = await writeBackup(parts, directory, (copied) => count(copied.size_bytes))
    job.view = { ...job.view, state: 'done', files: files.length, size_bytes: files.reduce((sum, file) => sum + file.size_bytes, 0) }
    log.info({ backup: job.view.id, files: files.length }, 'a backup is complete')
  } catch (error) {
    job.view = { ...job.view, state: 'failed', reason: (error as NodeJS.ErrnoException).code ?? 'see the node’s log' }
    log.error({ backup: job.view.id, err: error }, 'a backup failed')
  }
}

/** Backups of a running node, one at a time; how they went is remembered while the node runs. */
export function makeBackups(parts: BackupParts): readonly Handler[] {
  const { platform } = parts
  const jobs = new Map<string, Running>()
  let writing = false
  const begin = async (directory: string, actor: Actor): Promise<Result<BackupView>> => {
    const target = await takeDirectory(directory, platform.data_dir)
    if (!target.ok) return target
    const id = uuidV4(platform.world)
    const job: Running = { view: { id, state: 'running', started_at: new Date(platform.world.now()).toISOString(), files: 0, size_bytes: 0, reason: null } }
    await platform.audit({ organisation_id: actor.organisation_id, actor: actor.actor_id, action: 'node.backup', subject: id, detail: { directory: target.value } })
    if (jobs.size >= remembered_max) jobs.delete(jobs.keys().next().value!)
    jobs.set(id, job)
    void run(parts, target.value, job).finally(() => {
      writing = false
    })
    return ok(job.view)
  }
  return [
    handle(startBackup, async ({ body }, { actor }) => {
      if (writing) return fail('backup/running')
      writing = true
      let begun = false
      try {
        const result = await begin(body.directory, actor!)
        begun = result.ok
        return result
      } finally {
        if (!begun) writing = false
      }
    }),
    handle(getBackup, async ({ params }) => {
      const job = jobs.get(params.id)
      return job ? ok(job.view) : fail('backup/not-found')
    }),
  ]
}
