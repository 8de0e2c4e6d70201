import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '../../../..')

/** Makes the one file that a sensor's machine gets, as the package's own script makes it; figures of memory are about it and not about the checkout. */
export function bundleSensor(directory: string): string {
  const file = join(directory, 'hirundo-sensor.mjs')
  const { scripts } = JSON.parse(readFileSync(join(root, 'packages/sensor/package.json'), 'utf8')) as { scripts: { bundle: string } }
  const [, ...how] = scripts.bundle.split(' ')
  how[how.indexOf('--file') + 1] = file
  const args = [join(root, 'node_modules/rolldown/bin/cli.mjs'), ...how]
  const made = spawnSync(process.execPath, args, { cwd: join(root, 'packages/sensor'), encoding: 'utf8' })
  if (made.status !== 0) throw new Error(`the sensor cannot be bundled: ${made.stderr}`)
  return file
}
