import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../client.ts'
import { startEmbedded } from '../embedded/embedded.ts'
import { openStore } from '../open-store.ts'
import { examine } from './exam.ts'
import { examLayouts } from './rows.ts'

examine('embedded', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'hirundo-exam-'))
  const embedded = await startEmbedded({ directory })
  const address = { url: embedded.url, agent: embedded.agent }
  const [store, db] = [openStore({ ...address, layouts: examLayouts }), openDatabase(address)]
  return {
    store, db,
    close: async () => {
      await store.close()
      await db.close()
      await embedded.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
})

const url = process.env['CLICKHOUSE_URL']
if (url) {
  examine('CLICKHOUSE_URL', async () => {
    const admin = openDatabase({ url })
    const database = `hirundo_exam_${process.pid}`
    await admin.command(`CREATE DATABASE ${database}`)
    const own = new URL(url)
    own.pathname = `/${database}`
    const [store, db] = [openStore({ url: own.href, layouts: examLayouts }), openDatabase({ url: own.href })]
    return {
      store, db,
      close: async () => {
        await admin.command(`DROP DATABASE ${database}`)
        await Promise.all([store.close(), db.close(), admin.close()])
      },
    }
  })
}
