import assert from 'node:assert/strict'
import { startDoors, type Doors } from '../../../modules/directory/testing/doors.ts'
import { run } from '../run.ts'

export interface Hirundo {
  readonly doors: Doors
  /** One command against the node of the test. */
  ran(...args: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }>
  /** What a command that must end well printed. */
  said(...args: string[]): Promise<string>
}

/** The command line against the routes of the directory, over the network. */
export async function startHirundo(): Promise<Hirundo> {
  const doors = await startDoors()
  const url = await doors.url()
  const ran: Hirundo['ran'] = async (...args) => {
    let [out, err] = ['', '']
    const code = await run({ environment: { HIRUNDO_URL: url, HIRUNDO_TOKEN: 'any' }, out: (text) => void (out += text), note: (text) => void (err += text) }, args)
    return { code, out, err }
  }
  return {
    doors, ran,
    async said(...args) {
      const { code, out, err } = await ran(...args)
      assert.equal(code, 0, `${args.join(' ')}: ${err}`)
      return out
    },
  }
}
