// `npm test`: everything that must hold before a change lands. `npm test -- PATTERN …` runs only matching test files.
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const bin = (name: string) => join(root, 'node_modules/.bin', name)

interface Step {
  readonly name: string
  readonly command: readonly string[]
}

const patterns = process.argv.slice(2)
const found = globSync(['packages/*/src/**/*.test.ts', 'scripts/**/*.test.ts'], { cwd: root, exclude: (path) => path.endsWith('node_modules') })
const tests = found.filter((file) => patterns.length === 0 || patterns.some((pattern) => file.includes(pattern))).toSorted()
if (tests.length === 0) {
  process.stderr.write(`no test file matches ${patterns.join(' ')}\n`)
  process.exit(1)
}

const node = (...args: string[]): readonly string[] => [process.execPath, ...args]
const unit: Step = {
  name: 'tests',
  command: node('--test', '--test-concurrency=2', '--test-timeout=600000', ...tests),
}
const steps: Step[] = patterns.length > 0 ? [unit] : [
  { name: 'types', command: [bin('tsc'), '-p', 'tsconfig.json'] },
  { name: 'lint', command: [bin('oxlint'), '--deny-warnings'] },
  { name: 'OpenAPI equals generated', command: node('packages/server/src/app/openapi.ts', '--check') },
  unit,
]

for (const step of steps) {
  process.stdout.write(`── ${step.name}\n`)
  const { status, signal } = spawnSync(step.command[0]!, step.command.slice(1), { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  if (status !== 0) {
    process.stdout.write(`── ${step.name}: failed (${signal ?? `exit ${status}`})\n`)
    process.exit(1)
  }
}
